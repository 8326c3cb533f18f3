/* around.h: the words around a place in a text, for people who read a finding. */
#ifndef TEXT_AROUND_H
#define TEXT_AROUND_H

#include "base/str.h"

#define AROUND_CHARACTERS 30 /* on each side */

/* Parts of text: about AROUND_CHARACTERS before `start` and behind `end` (bytes), cut where grapheme clusters end. */
void text_around(str text, size_t start, size_t end, str *before, str *after);

#endif
