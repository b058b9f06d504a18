#!/usr/bin/env bash
# @atlaskit/adf-utils 20.9.78, @atlaskit/adf-schema 57.7.22, ajv 8.17.1.
#
# The two judges of a document disagree about its version: the JSON schema takes 1
# alone, the validator wants a version and takes any number. Whoever checks with the
# validator may send what a schema refuses. Output, schema before validator:
#
#   version 1: true true
#   version 2: false true
#   no version: false false
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --ignore-scripts --no-audit --no-fund --silent @atlaskit/adf-utils@20.9.78 @atlaskit/adf-schema@57.7.22 ajv@8.17.1 >/dev/null 2>&1
cat >judge.js <<'JS'
const Ajv = require('ajv');
const { validator } = require('@atlaskit/adf-utils/validator');
const { $schema, ...schema } = require('@atlaskit/adf-schema/dist/json-schema/v1/full.json');
console.error = () => {}; // it says once that no feature flags are set up
const bySchema = new Ajv({ strict: false }).compile(schema);
const check = validator();
const byValidator = (doc) => {
  try {
    check(doc);
    return true;
  } catch {
    return false;
  }
};
const document = { type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text: 'text' }] }] };
for (const [name, doc] of [['version 1', { version: 1, ...document }], ['version 2', { version: 2, ...document }], ['no version', document]]) {
  process.stdout.write(`${name}: ${bySchema(doc)} ${byValidator(doc)}\n`);
}
JS
got=$(node judge.js 2>/dev/null | grep -E '^(no )?version')
echo "$got"
test "$got" = 'version 1: true true
version 2: false true
no version: false false'
