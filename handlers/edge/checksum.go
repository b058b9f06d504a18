package edge

import "hash/crc32"

// checksum is the CRC-32 of a text that is part of a longer one, so that pages
// need not read again what was drawn in advance.
type checksum struct {
	crc uint32
	// shift is x to the power of the text's bits, modulo the polynomial.
	shift uint32
}

func checksumOf(text []byte) checksum {
	return checksum{crc32.ChecksumIEEE(text), power(8 * uint64(len(text)))}
}

// after is the checksum of a text with crc followed by this one. A CRC is the
// remainder of a polynomial, and what comes before shifts it; see crc32_combine of
// zlib.
func (c checksum) after(crc uint32) uint32 { return product(c.shift, crc) ^ c.crc }

// one is the polynomial 1, bits reversed as CRC-32 has them.
const one = 1 << 31

// product multiplies polynomials modulo that of CRC-32.
func product(a, b uint32) uint32 {
	var sum uint32
	for bit := uint32(one); bit != 0; bit >>= 1 {
		if a&bit != 0 {
			sum ^= b
		}
		if b&1 != 0 {
			b = b>>1 ^ crc32.IEEE
		} else {
			b >>= 1
		}
	}
	return sum
}

// power is x to the power n.
func power(n uint64) uint32 {
	result, square := uint32(one), uint32(one>>1)
	for ; n > 0; n >>= 1 {
		if n&1 != 0 {
			result = product(square, result)
		}
		square = product(square, square)
	}
	return result
}
