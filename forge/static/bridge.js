// All that the page asks of its host goes through these three. Atlassian's own
// package is not part of Sightline: "npm ci" fetches it. A host that stands in
// for Jira answers this file with its own.

export { invokeRemote, requestJira, router, view } from "@forge/bridge";
