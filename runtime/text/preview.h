/* preview.h: how much of a caption each platform shows before "more". */
#ifndef TEXT_PREVIEW_H
#define TEXT_PREVIEW_H

#include "base/str.h"

typedef struct preview {
	const char *platform, *field; /* "youtube", "title" */
	int graphemes, lines;         /* 0: no limit of that kind */
	bool confirmed;               /* else: an approximation that clears nothing */
	const char *source;
} preview;

/* NULL where nothing is known of that platform and field. */
const preview *preview_of(str platform, str field);
/* The byte of `text` at which the platform cuts; text.n where all of it is seen. */
size_t preview_end(const preview *p, str text);

/* The border of a grapheme cluster at or before (at or behind) byte `at`, for quotes. */
size_t grapheme_before(str text, size_t at);
size_t grapheme_after(str text, size_t at);

#endif
