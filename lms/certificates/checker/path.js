// From a certificate up to a root that the bundle names, and what was withdrawn on the way.

const LONGEST_PATH = 8, MOST_TRIES = 64;

/**
 * Return the certificates from the signing one up to a named root, or null.
 *
 * Names, signatures, dates at the moment, authority marks, usages and depths are asked (RFC 5280,
 * section 6). A root counts because it is named; its own dates do not.
 */
async function pathToRoot(certificate, others, roots, moment) {
  const open = [[certificate]];
  let tries = 0;
  while (open.length) {
    const path = open.pop();
    const last = path.at(-1);
    if (roots.some((root) => same(root.der, last.der))) return path;
    if (last.odd || moment < last.from || moment > last.until) continue;
    if (path.length === LONGEST_PATH) continue;
    for (const above of [...others, ...roots]) {
      if (path.includes(above) || !mayIssue(above, path.length - 1)) continue;
      if (!same(above.subject.body, last.issuer.body)) continue;
      tries += 1;
      need(tries <= MOST_TRIES, "certificates that lead everywhere");
      if (await issued(above, last)) open.push([...path, above]);
    }
  }
  return null;
}

/** `below`: how many authorities stand between it and the signing certificate. */
function mayIssue(certificate, below) {
  return certificate.authority && !certificate.odd && below <= certificate.depth
    && mayDo(certificate, SIGNS_CERTIFICATES);
}

/** Return since when certificates of a path are withdrawn, by lists that their issuers signed. */
async function withdrawnOn(path, lists) {
  const found = [];
  for (const [at, one] of path.entries()) {
    const issuer = path[at + 1] || one;
    for (const list of lists) {
      const entry = list.entries.get(hex(one.serial.body));
      if (entry && same(list.issuer.body, one.issuer.body) && (await listHolds(list, issuer))) {
        found.push(entry);
      }
    }
  }
  return found;
}

function listHolds(list, issuer) {
  const { algorithm, signature, signed } = list;
  return mayDo(issuer, SIGNS_LISTS) && signatureHolds(issuer, algorithm, null, signature, signed);
}
