"""Commands of this room beside `check`: keys and designs. An edge, like routes."""
