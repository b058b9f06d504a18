// Package descriptor reads, checks and renders the descriptors of Connect
// apps: Jira's ([Descriptor]) and those of the chat platform ([Chat]).
//
// [Render] and [RenderChat] put the public base URL in, check the result and
// return it parsed and as it is served. What a type has no field for is kept
// and rendered again.
//
// See https://developer.atlassian.com/cloud/jira/platform/connect-app-descriptor/
package descriptor
