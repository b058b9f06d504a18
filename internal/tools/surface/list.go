package main

import (
	"bytes"
	"context"
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// list returns the public names of ./connect/... of the module in dir. The go
// command's complaints go to log.
func list(ctx context.Context, dir string, log io.Writer) (string, error) {
	exports, public, err := packages(ctx, dir, log)
	if err != nil {
		return "", err
	}
	from := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	})
	var out strings.Builder
	for _, path := range public {
		pkg, err := from.Import(path)
		if err != nil {
			return "", fmt.Errorf("read %s: %w", path, err)
		}
		fmt.Fprintf(&out, "package %s\n", path)
		lines := slices.Compact(slices.Sorted(slices.Values(names(pkg))))
		for _, line := range lines {
			fmt.Fprintf(&out, "\t%s\n", line)
		}
	}
	return out.String(), nil
}

// packages compiles what connect/... needs. It returns the files with what
// each package exports, and the packages that others may import.
func packages(ctx context.Context, dir string, log io.Writer) (exports map[string]string, public []string, err error) {
	cmd := exec.CommandContext(ctx, "go", "list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}\t{{.DepOnly}}", "./connect/...")
	var out bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, log
	if err := cmd.Run(); err != nil {
		return nil, nil, fmt.Errorf("list packages: %w", err)
	}
	exports = map[string]string{}
	for line := range strings.Lines(out.String()) {
		field := strings.Split(strings.TrimSpace(line), "\t")
		if len(field) != 3 {
			return nil, nil, fmt.Errorf("list packages: %d fields in %q", len(field), line)
		}
		exports[field[0]] = field[1]
		if field[2] == "false" && field[1] != "" && !strings.Contains(field[0]+"/", "/internal/") {
			public = append(public, field[0])
		}
	}
	slices.Sort(public)
	return exports, public, nil
}

// names lists what a package exports.
func names(pkg *types.Package) []string {
	var lines []string
	short := func(other *types.Package) string {
		if other == pkg {
			return ""
		}
		return other.Name()
	}
	for _, name := range pkg.Scope().Names() {
		switch o := pkg.Scope().Lookup(name).(type) {
		case nil:
		case *types.Const:
			if o.Exported() {
				lines = append(lines, fmt.Sprintf("const %s %s = %s", name, types.TypeString(o.Type(), short), o.Val().ExactString()))
			}
		case *types.TypeName:
			if o.Exported() {
				lines = append(lines, typeNames(o, short)...)
			}
		default:
			if o.Exported() {
				lines = append(lines, types.ObjectString(o, short))
			}
		}
	}
	return lines
}

// typeNames lists a type, its fields and its methods, including those from
// embedded types.
func typeNames(o *types.TypeName, short types.Qualifier) []string {
	name, t := o.Name(), o.Type()
	lines := []string{"type " + name + " " + kind(o, short)}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			if f.Exported() {
				lines = append(lines, fmt.Sprintf("field %s.%s %s", name, f.Name(), types.TypeString(f.Type(), short)))
			}
		}
	case *types.Interface:
		for m := range u.Methods() {
			lines = append(lines, fmt.Sprintf("method %s.%s%s", name, m.Name(), signature(m, short)))
		}
		return lines
	}
	for selection := range types.NewMethodSet(types.NewPointer(t)).Methods() {
		if m := selection.Obj(); m.Exported() {
			lines = append(lines, fmt.Sprintf("method %s.%s%s", name, m.Name(), signature(m, short)))
		}
	}
	return lines
}

// kind is what a type's name stands for, without its members.
func kind(o *types.TypeName, short types.Qualifier) string {
	if a, ok := o.Type().(*types.Alias); ok {
		return "= " + types.TypeString(a.Rhs(), short)
	}
	switch u := o.Type().Underlying().(type) {
	case *types.Struct:
		return "struct"
	case *types.Interface:
		return "interface"
	default:
		return types.TypeString(u, short)
	}
}

func signature(m types.Object, short types.Qualifier) string {
	return strings.TrimPrefix(types.TypeString(m.Type(), short), "func")
}
