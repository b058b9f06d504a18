package sign

import (
	"strings"
	"testing"
)

func TestQSHVectors(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ request, canonical, want string }{
		{"GET /", "GET&/&", "c88caad15a1c1a900b8ac08aa9686f4e8184539bea1deda36e2f649430df3239"},
		{"GET ", "GET&/&", "c88caad15a1c1a900b8ac08aa9686f4e8184539bea1deda36e2f649430df3239"},
		{"get /path", "GET&/path&", "799be84a7fa35570087163c0cd9af3abff7ac05c2c12ba0bb1d7eebc984b3ac2"},
		{"GET /path/", "GET&/path&", "799be84a7fa35570087163c0cd9af3abff7ac05c2c12ba0bb1d7eebc984b3ac2"},
		{"POST /installed", "POST&/installed&", "4a2e1de8ca74e6cafe8862d332fa3ac7a8e51e692bc6d798ea4dfedc14948bf4"},
		{"GET /gadget?zee_last=param&repeated=parameter+1&first=param&repeated=parameter+2&repeated=Parameter+2", "GET&/gadget&first=param&repeated=Parameter%202,parameter%201,parameter%202&zee_last=param", "15c850599c392cd5a06da186048b78b7bf8b9ffdd9fade2191214a321af50f2b"},
		{"GET /p?a=2&a=10&a=1", "GET&/p&a=1,10,2", "9725faf4cba19fa4be23573c7b107a214637e17243e82b5d938c90ad7053d961"},
		{"GET /p?a=b&a=B&a=%C3%A4&a=_", "GET&/p&a=B,_,b,%C3%A4", "94ed5c5b89a1648f7239617cdcf548d2e2fae0463f672db26d88b799e116590e"},
		{"GET /p?a=1,2", "GET&/p&a=1%2C2", "41921308a7bd415a8eff3390d2a7ef07e837035e5639d71b516fba564adba7fc"},
		{"GET /p?ids=1&ids=2", "GET&/p&ids=1,2", "08d25af73ca5e2b6c2085445cb1c3b0950838092b764349ff8a1e8b1a906a906"},
		{"GET /p?tilde=~&star=*&plus=%2B&space=a%20b&space2=a+b", "GET&/p&plus=%2B&space=a%20b&space2=a%20b&star=%2A&tilde=~", "0e49412fd011d9d16d837231af152aaa72d2adb422fae9984b810c2fed6d47b5"},
		{"GET /p?bang=!&quote='&paren=(x)&dollar=$&semi=%3B", "GET&/p&bang=%21&dollar=%24&paren=%28x%29&quote=%27&semi=%3B", "95ecc5d0ce8ed932f570e920cd6a00cb3d40857ba6d8d6419feafe3bb11ec499"},
		{"GET /p?a=&b", "GET&/p&a=&b=", "ec4874bf95452eb080965b19ef55d8ff36095c3b96e5c1cd9df1adff1468a5cc"},
		{"GET /p?=v&a=1", "GET&/p&=v&a=1", "a06963b64290dfa046b4f5752aa8b78aedaca422dab13e76b49e99c8fc935741"},
		{"GET /p?jwt=ABC.DEF.GHI&lic=none", "GET&/p&lic=none", "8cfef7a76912a5aef5c5ddbe75dc050619b286d5c064b46e534841ed14bf84b3"},
		{"GET /p?JWT=x", "GET&/p&JWT=x", "72f6f3d41bba95cffa24d725a7742ef2a687043665d3267d94135348d952363c"},
		{"GET /p?%E2%82%AC=1&z=2", "GET&/p&z=2&%E2%82%AC=1", "a60bfe2ec054fafadc61bd6d76c1c4e9ae236920569f22dfff51caa6b7e82e01"},
		{"GET /p?a=%F0%9F%98%80", "GET&/p&a=%F0%9F%98%80", "514ac9649862ee193a3f433031f6ef5641a1fe7c68da82b81e277787be520d3d"},
		{"GET /p?a%20b=1&a=2", "GET&/p&a=2&a%20b=1", "8205b93dba5e7a979ca6eab164b1b54fe84febaae98e74a4a663be8ace265249"},
		{"GET /a&b/c?x=1", "GET&/a%26b/c&x=1", "1c7a242dff07e32ca4c1685c0612718b5110276a3aa9a2f46a58d10fe007c9b3"},
		{"GET /a%20b/c%2Fd?x=1", "GET&/a%20b/c%2Fd&x=1", "9d78910b79c356bbc839b2f25a79d1973521335bced29e9dbd47ca122d65bd7b"},
		{"GET /p//q/", "GET&/p//q&", "cebb2f0bc52caac4888db9bbd8271d9a27ed2300b1ecabd9da1a3f6fdb3140ad"},
		{"GET /p//", "GET&/p/&", "ac59a41d0d26bae5747a54ae0218512859b9c9671a193ba324236a4059da8ddc"},
		{"GET /p?q=a%26b%3Dc", "GET&/p&q=a%26b%3Dc", "cc455aed636cad5690694ab0176ae585b79f8e750fa9e90f5f06089ff0ba9ff6"},
		{"GET /p?a=%41%zz+%&b=100%25%4", "GET&/p&a=A%25zz%20%25&b=100%25%254", "c766f2ed0be0a5559307af40df69e6f34b2df1716865f1de1cbcb7a01338248a"},
		{"GET /p?filter[]=1&filter[]=2", "GET&/p&filter%5B%5D=1,2", "361a945ab8cb7cfdf4d71079b28484d2cb6935f33075749c0b5a45a09c466d98"},
	} {
		method, rest, _ := strings.Cut(test.request, " ")
		path, query, _ := strings.Cut(rest, "?")
		if got := Canonical(method, path, query, "", ByDecodedName); got != test.canonical {
			t.Errorf("canonical(%s): got %q, want %q", test.request, got, test.canonical)
		}
		if got := QSH(method, path, query, ""); got != test.want {
			t.Errorf("queryHash(%s): got %s, want %s", test.request, got, test.want)
		}
	}
}

func TestQSHBasePath(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ path, base, want string }{
		{"/connect/gadget", "/connect", "GET&/gadget&x=1"},
		{"/connect/gadget", "/connect/", "GET&/gadget&x=1"},
		{"/connect/", "/connect", "GET&/&x=1"},
		{"/connect", "/connect", "GET&/&x=1"},
		{"/connectx/gadget", "/connect", "GET&/connectx/gadget&x=1"},
		{"/gadget", "/", "GET&/gadget&x=1"},
		{"/gadget", "", "GET&/gadget&x=1"},
	} {
		if got := Canonical("GET", test.path, "x=1", test.base, ByDecodedName); got != test.want {
			t.Errorf("canonical(%s, %s): got %q, want %q", test.path, test.base, got, test.want)
		}
	}
}

func TestQSHFormsDifferInOrderOnly(t *testing.T) {
	t.Parallel()
	got := hashes("GET", "/p", "%E2%82%AC=1&z=2", "")
	want := Hash("GET&/p&%E2%82%AC=1&z=2")
	if got[1] != want || got[0] == got[1] {
		t.Errorf("got %v, want the second to be %s", got, want)
	}
	if plain := hashes("GET", "/p", "b=1&a=2", ""); plain[0] != plain[1] {
		t.Errorf("plain names: got %v, want equal hashes", plain)
	}
}

func FuzzQSH(f *testing.F) {
	f.Add("GET", "/a%2", "a=%&%zz=;&=&&jwt=", "/a")
	f.Fuzz(func(t *testing.T, method, path, query, base string) {
		if got := QSH(method, path, query, base); len(got) != 64 {
			t.Errorf("got %q", got)
		}
	})
}
