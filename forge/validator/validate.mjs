// Runs Atlassian's own validator over the manifest of the folder that it is
// started in, as the Forge CLI does, and prints what it says: one line of JSON
// for each of the validations that are named, or for all of them.
//
// Translation files are looked for from the process's folder, resources from
// the manifest's, so both must be the same.

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { ProcessorBuilder, ValidationTypes } = require("@forge/manifest");

const named = process.argv.slice(2);
for (const [name, type] of Object.entries(ValidationTypes)) {
  if (named.length > 0 && !named.includes(name)) continue;
  const { success, errors = [] } = await ProcessorBuilder.instance().withValidation(type).build().process();
  console.log(JSON.stringify({ validation: name, success, said: errors.map(({ level, line, message }) => ({ level, line, message })) }));
}
