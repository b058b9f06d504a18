// The local site answers this file with a stand-in. For the real one bundle it with
// Atlassian's package: npm install @forge/bridge, and esbuild.
export { invokeRemote, view } from "@forge/bridge";
