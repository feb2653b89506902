package postgres

import "syscall"

// endsWithUs lets the kernel stop a child whose parent was killed before it could.
func endsWithUs(a *syscall.SysProcAttr) { a.Pdeathsig = immediate }
