/* around.c: the words around a place in a text. Uses preview for the borders of grapheme clusters. */
#include "text/around.h"

#include "text/preview.h"

static bool continues(char c) { return ((unsigned char)c & 0xC0) == 0x80; }

void text_around(str text, size_t start, size_t end, str *before, str *after) {
	size_t from = start, to = end;
	for (int i = 0; i < AROUND_CHARACTERS && from > 0; i++)
		do
			from--;
		while (from > 0 && continues(text.p[from]));
	for (int i = 0; i < AROUND_CHARACTERS && to < text.n; i++)
		do
			to++;
		while (to < text.n && continues(text.p[to]));
	from = from ? grapheme_after(text, from) : 0;
	to = to < text.n ? grapheme_before(text, to) : text.n;
	*before = from < start ? (str){text.p + from, start - from} : (str){text.p + start, 0};
	*after = to > end ? (str){text.p + end, to - end} : (str){text.p + end, 0};
}
