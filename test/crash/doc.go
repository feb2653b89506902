// Package crash strikes the program down wherever it could be (TestCrashMatrix), holds it to each promise by
// itself (TestPromises), and proves that these can fail: TestSeededBugs builds each mistake of test/bugs in, and
// demands that its promise finds it.
//
// With -every each place is struck at; without it one in fifteen. Neighbours: test/world has the scenarios.
package crash
