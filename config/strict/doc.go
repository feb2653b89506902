// Package strict reads a YAML file that a person has written, strictly: usher.yml, and the files that apps are described
// in.
//
// Whatever is wrong is a Problem at its line and column that says what was expected, and what was likely meant; all of
// them are told at once. A Value is one value under the name it has in messages, an Object a mapping whose keys are known.
// What makes YAML surprising (anchors, aliases, tags, several documents, octal numbers) is refused before it is parsed, so
// no file can expand, loop or take long.
//
// Neighbours: none but terminal, for how a value is quoted. What the values mean is the caller's.
package strict
