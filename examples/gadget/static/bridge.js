// The local site answers this file with a stand-in.
export { invokeRemote } from "@forge/bridge";
