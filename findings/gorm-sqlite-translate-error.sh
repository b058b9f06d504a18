#!/usr/bin/env bash
# gorm.io/gorm 1.31.2, gorm.io/driver/sqlite 1.6.0, modernc.org/sqlite 1.62.0.
#
# With TranslateError a second row under a unique index is not ErrDuplicatedKey when
# the driver is modernc.org/sqlite (no C compiler): the dialector reads the code from
# the error's JSON, and this driver's error has no exported field. Its method Code
# (2067) tells. Output:
#
#   *sqlite.Error duplicated=false
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >go.mod <<'GO'
module finding

go 1.26
GO
cat >main.go <<'GO'
package main

import (
	"errors"
	"fmt"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	_ "modernc.org/sqlite"
)

type Row struct {
	ID   int
	Name string `gorm:"uniqueIndex"`
}

func main() {
	db, err := gorm.Open(sqlite.Dialector{DriverName: "sqlite", DSN: "file::memory:"}, &gorm.Config{TranslateError: true, Logger: logger.Discard})
	if err := errors.Join(err, db.AutoMigrate(&Row{}), db.Create(&Row{Name: "a"}).Error); err != nil {
		panic(err)
	}
	err = db.Create(&Row{Name: "a"}).Error
	fmt.Printf("%T duplicated=%v\n", err, errors.Is(err, gorm.ErrDuplicatedKey))
}
GO
go get gorm.io/gorm@v1.31.2 gorm.io/driver/sqlite@v1.6.0 modernc.org/sqlite@v1.62.0 2>/dev/null
got=$(CGO_ENABLED=0 go run -mod=mod .)
echo "$got"
test "$got" = "*sqlite.Error duplicated=false"
