/* lexicon.h: named lists of terms, as they are written. Matching them is matcher.c's work. */
#ifndef TEXT_LEXICON_H
#define TEXT_LEXICON_H

#include "base/arena.h"
#include "base/error.h"

enum role {
	ROLE_TERM,
	ROLE_EXCEPT, /* a hit of the lexicon that lies inside this one does not count */
	/* of the sentiment lexicons */
	ROLE_STRENGTHEN,
	ROLE_WEAKEN,
	ROLE_NEGATE,
	ROLE_NEGATE_AFTER,
	ROLE_CONTRAST,
	ROLE_NEUTRAL
};

enum how {
	HOW_WRITTEN, /* a word, phrase, prefix swindl*, CJK string, #hashtag (the whole tag), @mention (the whole handle) */
	HOW_WORD,    /* literally, at borders of words: * # @ mean themselves */
	HOW_PREFIX,  /* literally, where a word begins */
	HOW_SUBSTRING /* literally, anywhere */
};

typedef struct term {
	str text;      /* as written */
	double weight; /* 1 unless the file or list says otherwise */
	enum role role;
	enum how how;
	const char *path; /* where it stands, or NULL */
	int line;
} term;

typedef struct lexicon {
	const char *name;
	str language; /* BCP 47 of the texts it is meant for; n 0: all */
	term *terms;
	int count, capacity;
} lexicon;

/* False when memory ended. The text is kept, not copied. */
bool lexicon_add(arena *a, lexicon *l, term t);

/* A section of a file of terms, and what the number behind its terms means. */
typedef struct lexicon_section {
	const char *name; /* as it stands in [brackets] */
	enum role role;
	bool weighed;       /* its terms must have a weight */
	double least, most; /* that a weight may be; both 0: any */
	double usual;       /* the weight of a term without one */
} lexicon_section;

/* A file whose sections are these; terms before the first bracket belong to the first. See lexicon_read. */
bool lexicon_read_sections(arena *a, lexicon *l, const char *path, str bytes, const lexicon_section *sections,
                           int count, struct kol_problems *problems);

/* A file of terms: one a line; a TAB and a number behind a term is its weight; "-- " begins a comment; a line [except]
 * begins exceptions, [terms] terms again (sentiment lexicons: see sentiment.h). Bytes must outlive the lexicon.
 * Problems (not UTF-8, bad weight, unknown section) go to `problems` with line. */
bool lexicon_read(arena *a, lexicon *l, const char *path, str bytes, struct kol_problems *problems);

/* What is wrong with the terms, as an author wants to know it: empty term, duplicate, a term that an exception of its
 * own swallows always, a one-letter word, a prefix of fewer than three letters. False when memory ended. */
bool lexicon_check(const lexicon *l, struct kol_problems *problems);

#endif
