/* utf8.c: just enough UTF-8 to be safe with hostile bytes. */
#include "base/utf8.h"

size_t utf8_decode(const char *p, size_t n, uint32_t *c) {
	const unsigned char *s = (const unsigned char *)p;
	if (s[0] < 0x80) {
		*c = s[0];
		return 1;
	}
	size_t length = s[0] >= 0xF0 && s[0] <= 0xF4  ? 4
	                : s[0] >= 0xE0 && s[0] < 0xF0 ? 3
	                : s[0] >= 0xC2 && s[0] < 0xE0 ? 2
	                                              : 0;
	*c = 0xFFFD;
	if (length == 0 || length > n)
		return 1;
	uint32_t v = s[0] & (0xFFu >> (length + 1));
	for (size_t i = 1; i < length; i++) {
		if ((s[i] & 0xC0) != 0x80)
			return 1;
		v = v << 6 | (s[i] & 0x3Fu);
	}
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	if (v < least[length] || v > 0x10FFFF || (v >= 0xD800 && v <= 0xDFFF))
		return 1;
	*c = v;
	return length;
}

size_t utf8_encode(uint32_t c, char out[static 4]) {
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

bool utf8_valid(str s) {
	for (size_t i = 0; i < s.n;) {
		uint32_t c;
		size_t n = utf8_decode(s.p + i, s.n - i, &c);
		if (c == 0xFFFD && n == 1)
			return false;
		i += n;
	}
	return true;
}

size_t utf8_length(str s) {
	size_t count = 0;
	for (size_t i = 0; i < s.n; count++) {
		uint32_t c;
		i += utf8_decode(s.p + i, s.n - i, &c);
	}
	return count;
}

size_t utf8_cut(str s, size_t n) {
	if (s.n <= n)
		return s.n;
	size_t at = n;
	while (at > 0 && n - at < 3 && ((unsigned char)s.p[at] & 0xC0) == 0x80)
		at--;
	return ((unsigned char)s.p[at] & 0xC0) == 0x80 ? n : at;
}
