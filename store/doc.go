// Package store is what rooms, and whoever operates Usher, ask of whatever keeps its data: one interface, Store, and
// what it answers with. It keeps nothing itself and knows no engine.
//
//	store.go     all that is asked of an open store
//	gauges.go    how much there is of what an operator watches
//	contents.go  what a whole copy holds, and the name of a database
//	verified.go  a log verified before anything is written after it, the same for every engine
//	restored.go  what a database that was put back from a backup knows of that
//
// Each contract stands beside who asks, in the comment of each method there: approvals.Book, outbox.Box, reports.Memory
// and their like. Package conform holds an engine to all of it, rule by rule. The engines are bolt, one file and one
// process, and postgres, a database that several may share.
//
// It imports only rooms that an engine may import, so that the tests of the others can open one. What reports,
// history and census ask is spelled out here for that reason; conform, which imports everybody, holds that it is the same.
package store
