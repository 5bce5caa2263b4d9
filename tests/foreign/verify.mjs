// Judges badges with the libraries of others. Everything comes in on standard input, contexts and
// keys included; whatever else a library asks for is refused, so nothing is fetched.
//
//   in:  {contexts: {url: doc}, did: doc, lists: {url: doc},
//         cases: {name: {badge: doc} | {token: text} | {entry: doc}}}
//   out: {name: {verified: bool, status: bool | null, error: text}}
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {compactVerify, importJWK} from 'jose';

globalThis.fetch = () => { throw new Error('no network here'); };

const MULTIKEY = 'https://w3id.org/security/multikey/v1';

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

function base58btc(text) {
  let number = 0n;
  for (const letter of text) number = number * 58n + BigInt(ALPHABET.indexOf(letter));
  const digits = number.toString(16);
  return Buffer.from(digits.padStart(digits.length + digits.length % 2, '0'), 'hex');
}

async function readAll(stream) {
  let text = '';
  for await (const piece of stream) text += piece;
  return text;
}

const given = JSON.parse(await readAll(process.stdin));
const known = new Map(Object.entries({
  ...given.contexts, ...given.lists, [given.did.id]: given.did,
}));
for (const method of given.did.verificationMethod) {
  known.set(method.id, {'@context': MULTIKEY, ...method});
}

async function documentLoader(url) {
  if (!known.has(url)) throw new Error(`not handed over: ${url}`);
  return {contextUrl: null, documentUrl: url, document: known.get(url), tag: 'static'};
}

const suite = () => new DataIntegrityProof({cryptosuite});

async function judgeBadge(credential) {
  const result = await vc.verifyCredential({
    credential, documentLoader, suite: suite(),
    checkStatus: ({credential}) => checkStatus({
      credential, documentLoader, suite: suite(), verifyBitstringStatusListCredential: true,
      verifyMatchingIssuers: true,
    }),
  });
  const status = result.statusResult?.results?.[0]?.status ?? null;
  return {verified: result.verified, status, error: wordsOf(result.error)};
}

// A badge names one list. What the other list says at the same place is asked on its own.
async function judgePlace(entry) {
  const result = await checkStatus({
    credential: {
      '@context': Object.keys(given.contexts).slice(0, 1),
      type: ['VerifiableCredential'], issuer: given.did.id, credentialSubject: {},
      credentialStatus: entry,
    },
    documentLoader, suite: suite(), verifyBitstringStatusListCredential: true,
    verifyMatchingIssuers: true,
  });
  const status = result.results?.[0]?.status ?? null;
  return {verified: result.verified, status, error: wordsOf(result.error)};
}

async function judgeToken(token) {
  const header = JSON.parse(Buffer.from(token.split('.')[0], 'base64url'));
  const method = given.did.verificationMethod.find(one => one.id === header.kid);
  if (!method) return {verified: false, status: null, error: 'no such key'};
  const raw = base58btc(method.publicKeyMultibase.slice(1)).slice(2);
  const key = await importJWK(
    {kty: 'OKP', crv: 'Ed25519', x: Buffer.from(raw).toString('base64url')}, 'EdDSA');
  await compactVerify(token, key, {algorithms: ['EdDSA']});
  return {verified: true, status: null, error: ''};
}

function wordsOf(error) {
  if (!error) return '';
  const inner = (error.errors ?? []).map(one => wordsOf(one));
  return [error.message, ...inner, error.cause ? wordsOf(error.cause) : ''].filter(Boolean).join('; ');
}

const said = {};
for (const [name, one] of Object.entries(given.cases)) {
  try {
    if (one.token) said[name] = await judgeToken(one.token);
    else if (one.entry) said[name] = await judgePlace(one.entry);
    else said[name] = await judgeBadge(one.badge);
  } catch (error) {
    said[name] = {verified: false, status: null, error: wordsOf(error)};
  }
}
process.stdout.write(JSON.stringify(said));
