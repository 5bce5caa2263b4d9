"""Passwords of ten characters and more that guessing begins with, and the words in them."""

from typing import Final

COMMON: Final = frozenset(
    """
    0123456789 1234567890 0987654321 9876543210 12345678910 123456789a a123456789 1q2w3e4r5t
    1q2w3e4r5t6y 1qaz2wsx3edc q1w2e3r4t5 q1w2e3r4t5y6 zaq12wsxcde3 zaq1xsw2cde3 qazwsxedcrfv
    qwertyuiop qwertyuiop[] qwertyuiop123 qwerty1234 qwerty12345 qwerty123456 qwertz1234
    qwertzuiop azertyuiop asdfghjkl; asdfghjkl1 asdfghjklö zxcvbnm123 zxcvbnm1234 yxcvbnm123
    1234qwerasdf 1234qwerty 123456qwerty 12345qwert 123qweasdzxc qweasdzxc123 qweasdzxc1
    abcd123456 abcde12345 abcdef1234 abc123abc123 abc1234567 aa12345678 123abc456def 1111122222
    1122334455 112233445566 1212121212 1357924680 1029384756 147258369a 159753456852 741852963a
    correcthorsebatterystaple correct horse battery staple passw0rd12 passw0rd123 p@ssw0rd12
    p@ssw0rd123 p@ssword12 p@ssword123 pa$$word12 pa$$w0rd12 pa55word12 pa55word123
    """.split()
) | {"correct horse battery staple"}

COMMON_WORDS: Final = frozenset(
    """
    password passwords passwort passwordpassword mypassword newpassword thepassword passwd pass
    motdepasse contrasena contraseña senha wachtwoord parola haslo salasana losenord lösenord
    qwerty qwertz azerty qwertyuiop qwertzuiop azertyuiop asdfghjkl zxcvbnm qwertyqwerty qwer
    qwert asdf asdfgh asdfghjk qazwsx qazwsxedc abc abcd abcde abcdef abcdefgh abcdefghij
    letmein letmeinnow welcome welcomehome willkommen bienvenue bienvenido admin administrator
    administrador root superuser user username guest test tester testing testtest testuser demo
    changeme changemenow changeit default secret topsecret geheim login signin access
    iloveyou iloveu ilovehim iloveher ilovegod loveyou love lovely forever sunshine princess
    football baseball basketball superman batman spiderman starwars pokemon dragon monkey master
    shadow michael jennifer jordan charlie daniel thomas andrew hunter killer trustno whatever
    freedom internet computer samsung google facebook microsoft windows apple android
    january february march april june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday spring summer autumn winter
    hospital doctor nurse medicine clinic clinical rater training trainee concord research
    hello helloworld helloo blink cheese flower purple orange banana chocolate summertime
    """.split()
)
