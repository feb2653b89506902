// Package sources is what reads each kind of directory: a vendor's client behind directory.Source.
//
//	okta.go    Okta: everybody, and those who were deactivated
//	entra.go   Microsoft Entra ID: everybody once, and then what changed
//	google.go  Google Workspace: everybody, and those who were deleted lately
//	csv.go     a list that a personnel office exports: a file beside the program, CSV or XLSX
//
// Here alone a vendor's words become ours: what counts as off, and which addresses are verified. Suspended is off, as is deactivated,
// disabled, archived and deleted: none of them can sign in. A word that nobody here knows is not off.
package sources
