/* json.c: writes JSON. Control characters, quotes and invalid UTF-8 never reach the output raw. */
#include "base/json.h"

#include <math.h>

#include "base/utf8.h"

static bool plain(unsigned char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; }

static void escape(buffer *b, unsigned char c) {
	static const char hex[] = "0123456789abcdef";
	switch (c) {
	case '"': buffer_add(b, "\\\"", 2); return;
	case '\\': buffer_add(b, "\\\\", 2); return;
	case '\n': buffer_add(b, "\\n", 2); return;
	case '\r': buffer_add(b, "\\r", 2); return;
	case '\t': buffer_add(b, "\\t", 2); return;
	default: {
		char u[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
		buffer_add(b, u, 6);
	}
	}
}

void json_string(buffer *b, str s) {
	if (!s.p) {
		buffer_add(b, "null", 4);
		return;
	}
	buffer_char(b, '"');
	size_t i = 0;
	while (i < s.n) {
		size_t from = i;
		while (i < s.n && plain((unsigned char)s.p[i]))
			i++;
		buffer_add(b, s.p + from, i - from);
		if (i == s.n)
			break;
		unsigned char c = (unsigned char)s.p[i];
		if (c < 0x80) {
			escape(b, c);
			i++;
			continue;
		}
		uint32_t point;
		size_t n = utf8_decode(s.p + i, s.n - i, &point);
		if (point == 0xFFFD && n == 1)
			buffer_add(b, "\xEF\xBF\xBD", 3);
		else
			buffer_add(b, s.p + i, n);
		i += n;
	}
	buffer_char(b, '"');
}

void json_number(buffer *b, double v) {
	if (isfinite(v))
		buffer_number(b, v);
	else
		buffer_add(b, "null", 4);
}

void json_bool(buffer *b, bool v) { buffer_z(b, v ? "true" : "false"); }

void json_comma(buffer *b) {
	char last = b->n ? b->p[b->n - 1] : '[';
	if (last != '{' && last != '[' && last != ',' && last != ':')
		buffer_char(b, ',');
}

void json_key(buffer *b, const char *key) {
	json_comma(b);
	json_string(b, str_of(key));
	buffer_char(b, ':');
}
