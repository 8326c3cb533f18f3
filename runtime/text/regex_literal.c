/* regex_literal.c: reads a pattern as a person would who asks: which words must be there for it to match? Uses
 * regex_runs. Knows nothing of PCRE2; what it does not know makes it give up.
 *
 * A pattern, and each part of it, becomes a list of at most 64 runs (regex_runs.h). Where a list grows too long, the
 * best literals that it has by then are kept aside, and reading goes on from a gap. What is returned is the best
 * literal of each run.
 *
 * Why a text that matches has one of these terms when folded, provided that its folding is regular and no mark is odd:
 * - The literal stands in the original as written, but for case under (?i). What PCRE2 takes for the same letter
 * (simple case folding: K and the Kelvin sign, s and long s, ß and ẞ, final sigma) folds to the same bytes; İ is only
 * itself.
 * - In a regular text a run of characters folds to the same bytes wherever it stands, so to those of the literal alone.
 *   Characters that could compose with a neighbour or are dropped end a literal or make the text irregular.
 * - White space of any kind (\s, \R, NBSP, U+3000) folds to white space; a term's space is any run of it.
 * - At a border that is claimed the literal has a letter (Latin, Greek, Cyrillic; on the left also a digit), and
 *   beside it stands the end of the text, or what is neither letter, number nor _. In PCRE2 10.42 that may be a mark:
 *   on a letter of these scripts it is odd. Otherwise it folds to no letter, or the text is not regular. Other
 *   letters claim no border: marks are part of how they are written.
 * - A sign at the end of a literal needs no border: for signs there is none. */
#include "text/regex_literal.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "text/regex_runs.h"

#define DEPTH_MOST 60
#define CLASS_MOST 16

typedef struct level { /* what a group needs while it is read */
	row row;
	runs part;
} level;

typedef struct reader {
	const char *p, *end;
	level *levels[DEPTH_MOST];
	int depth;
	bool lost; /* something is not understood */
	bool memory;
} reader;

/* ---- quantifiers ---- */

static bool begins(const reader *x, const char *with) {
	size_t n = strlen(with);
	return (size_t)(x->end - x->p) >= n && !memcmp(x->p, with, n);
}

static bool read_number(reader *x, unsigned *n) {
	const char *from = x->p;
	*n = 0;
	for (; x->p < x->end && *x->p >= '0' && *x->p <= '9'; x->p++)
		*n = *n < 100000 ? *n * 10 + (unsigned)(*x->p - '0') : *n;
	return x->p > from;
}

/* {2}, {2,}, {2,5}; anything else behind { is text, but newer versions read more into it. */
static bool read_braces(reader *x, unsigned *least, unsigned *most) {
	const char *from = x->p++;
	bool read = read_number(x, least);
	*most = *least;
	if (read && x->p < x->end && *x->p == ',') {
		x->p++;
		if (!read_number(x, most))
			*most = UINT32_MAX;
	}
	if (read && x->p < x->end && *x->p == '}') {
		x->p++;
		return true;
	}
	x->lost |= x->p < x->end && !read && (*x->p == ',' || *x->p == ' ');
	x->lost |= read;
	x->p = from;
	return false;
}

/* Skips what is nothing, even between a part and its repeat: \E, \Q\E, comments. */
static void skip_nothing(reader *x) {
	for (;;) {
		if (begins(x, "\\E")) {
			x->p += 2;
		} else if (begins(x, "\\Q\\E")) {
			x->p += 4;
		} else if (begins(x, "(?#")) {
			const char *to = memchr(x->p, ')', (size_t)(x->end - x->p));
			x->lost |= !to;
			x->p = to ? to + 1 : x->end;
		} else {
			return;
		}
	}
}

static void read_repeats(reader *x, runs *part) {
	for (skip_nothing(x); x->p < x->end && !x->lost; skip_nothing(x)) {
		unsigned least = 0, most = UINT32_MAX;
		char c = *x->p;
		if (c == '{') {
			if (!read_braces(x, &least, &most))
				return;
		} else if (c == '*' || c == '+' || c == '?') {
			least = c == '+';
			most = c == '?' ? 1 : UINT32_MAX;
			x->p++;
		} else {
			return;
		}
		if (x->p < x->end && (*x->p == '?' || *x->p == '+'))
			x->p++;
		runs_repeat(part, least, most);
	}
}

/* ---- characters ---- */

static uint32_t next_character(reader *x) {
	uint32_t c;
	x->p += utf8_decode(x->p, (size_t)(x->end - x->p), &c);
	return c;
}

static int hex(char c) {
	return c >= '0' && c <= '9' ? c - '0' : lower(c) >= 'a' && lower(c) <= 'f' ? lower(c) - 'a' + 10 : -1;
}

/* Behind \x: {hhh} or up to two digits. */
static uint32_t read_hex(reader *x) {
	bool braces = x->p < x->end && *x->p == '{';
	uint32_t c = 0;
	x->p += braces;
	for (int i = 0; x->p < x->end && (braces || i < 2) && hex(*x->p) >= 0; i++, x->p++)
		c = c < 0x110000 ? c * 16 + (uint32_t)hex(*x->p) : c;
	if (braces && (x->p >= x->end || *x->p++ != '}'))
		x->lost = true;
	return c;
}

/* Skips {…}, <…> or '…' where one begins. */
static void skip_name(reader *x) {
	if (x->p >= x->end || !strchr("{<'", *x->p))
		return;
	char close = *x->p == '{' ? '}' : *x->p == '<' ? '>' : '\'';
	const char *to = memchr(x->p + 1, close, (size_t)(x->end - x->p - 1));
	x->lost |= !to;
	x->p = to ? to + 1 : x->end;
}

static bool is_one(uint32_t c, const char *of) { return c && c < 128 && strchr(of, (int)c); }

/* Behind a backslash. Fills *r with a character or a mark; n 0: nothing. */
static void read_escape(reader *x, run *r) {
	if (x->p >= x->end) {
		x->lost = true;
		return;
	}
	uint32_t c = next_character(x);
	unsigned number;
	*r = (run){1, {RUN_GAP}};
	if (is_one(c, "AzZb")) {
		r->p[0] = RUN_BORDER;
	} else if (is_one(c, "Wae")) {
		r->p[0] = RUN_NONWORD;
	} else if (is_one(c, "shvRtnrf")) {
		r->p[0] = ' ';
	} else if (c == 'E') {
		r->n = 0;
	} else if (c == 'x') {
		run_character(r, read_hex(x));
	} else if (c == 'N') {
		x->lost |= x->p < x->end && *x->p == '{';
	} else if (is_one(c, "pPc")) {
		if (c != 'c' && x->p < x->end && *x->p == '{')
			skip_name(x);
		else if (x->p < x->end)
			next_character(x);
	} else if (is_one(c, "gko")) {
		skip_name(x);
		if (c == 'g' && x->p < x->end && (*x->p == '-' || *x->p == '+'))
			x->p++;
		if (c == 'g')
			read_number(x, &number);
	} else if (c >= '0' && c <= '9') { /* a back reference or an octal number */
		read_number(x, &number);
	} else if (c == '_' || c >= 128 || is_loose((char)c)) {
		run_character(r, c);
	} else if (!is_one(c, "BKGXdDwSHV")) {
		x->lost = true;
	}
}

/* ---- classes ---- */

typedef struct members {
	runs *list;
	bool any;     /* also what is not listed */
	bool no_word; /* in [^…]: no \w */
} members;

static void add_member(members *m, const run *r) {
	if (r->n == 1 && (r->p[0] == RUN_GAP || r->p[0] == RUN_BORDER))
		m->any = true;
	else if (r->n && (m->list->count >= CLASS_MOST || !runs_add(m->list, r)))
		m->any = true;
}

/* One member, or the first half of a range. */
static void read_member(reader *x, members *m) {
	run r = {0};
	unsigned char c = (unsigned char)*x->p;
	if (c == '[' && x->end - x->p > 1 && strchr(":.=", x->p[1]) && x->p[1]) {
		char close[2] = {x->p[1], ']'};
		const char *to = memmem(x->p + 2, (size_t)(x->end - x->p - 2), close, 2);
		if (to) {
			x->p = to + 2;
			m->any = true;
			return;
		}
	}
	if (c == '\\') {
		x->p++;
		c = x->p < x->end ? (unsigned char)*x->p : 0;
		m->no_word |= c == 'w';
		x->lost |= c == 'Q';
		read_escape(x, &r);
		if (c == 'b' || c == 'R' || c == 'B' || c == 'X')
			r = (run){1, {RUN_GAP}};
	} else {
		run_character(&r, next_character(x));
	}
	if (x->end - x->p > 1 && *x->p == '-' && x->p[1] != ']') {
		m->any = true; /* a range: its end is read as the next member */
		x->p++;
		return;
	}
	add_member(m, &r);
}

/* Behind [. */
static void read_class(reader *x, runs *out) {
	members m = {out, false, false};
	bool negated = x->p < x->end && *x->p == '^';
	x->p += negated;
	out->count = 0;
	for (bool first = true; !x->lost; first = false) {
		if (x->p >= x->end) {
			x->lost = true;
			return;
		}
		if (*x->p == ']' && !first) {
			x->p++;
			break;
		}
		read_member(x, &m);
	}
	if (negated)
		runs_mark(out, m.no_word ? RUN_NONWORD : RUN_GAP);
	else if (m.any || !out->count)
		runs_mark(out, RUN_GAP);
}

/* ---- groups ---- */

static void read_alternatives(reader *x, runs *out);

static bool one_of(str s, const char *const *list) {
	for (; *list; list++)
		if (s.n == strlen(*list) && !memcmp(s.p, *list, s.n))
			return true;
	return false;
}

/* Does a look-around with this inside say that no \w stands there? */
static bool is_border(bool negated, str inside) {
	static const char *const positive[] = {"\\W",   "\\s",   "^|\\s", "\\s|^",   "^|\\W",   "\\W|^", "\\s|$",
	                                       "$|\\s", "\\W|$", "$|\\W", "\\s|\\z", "\\W|\\z", NULL};
	static const char *const negative[] = {"\\w", "\\S", NULL};
	if (!negated)
		return one_of(inside, positive);
	if (inside.n > 4 && !memcmp(inside.p, "[\\w", 3)) {
		const char *close = memchr(inside.p, ']', inside.n), *slash = memchr(inside.p + 2, '\\', inside.n - 2);
		return close == inside.p + inside.n - 1 && (!slash || slash[1] != ']');
	}
	return one_of(inside, negative);
}

/* Reads up to the closing bracket of a group. */
static void read_inside(reader *x, runs *out) {
	read_alternatives(x, out);
	if (x->p < x->end && *x->p == ')')
		x->p++;
	else
		x->lost = true;
}

/* Behind (? : flags, then : or ). False: nothing but flags. */
static bool read_flags(reader *x) {
	bool on = true;
	for (; x->p < x->end && *x->p != ':' && *x->p != ')'; x->p++) {
		if (*x->p == '-')
			on = false;
		else if (!strchr("imsnJU^x", *x->p) || !*x->p || (on && *x->p == 'x'))
			x->lost = true; /* x: spaces mean nothing; others: not flags */
	}
	if (x->p >= x->end)
		x->lost = true;
	return !x->lost && *x->p++ == ':';
}

/* Behind (. */
static void read_group(reader *x, runs *out) {
	static const char *const around[] = {"?=", "?!", "?<=", "?<!"};
	runs_one(out, "", 0);
	if (begins(x, "*")) {
		x->lost = true;
		return;
	}
	if (!begins(x, "?")) {
		read_inside(x, out);
		return;
	}
	for (int i = 0; i < 4; i++)
		if (begins(x, around[i])) {
			x->p += strlen(around[i]);
			str inside = {x->p, 0};
			read_inside(x, out);
			inside.n = x->p > inside.p ? (size_t)(x->p - inside.p) - 1 : 0;
			runs_mark(out, is_border(i % 2, inside) ? RUN_BORDER : RUN_GAP);
			return;
		}
	x->p++;
	if (begins(x, "<") || begins(x, "'") || begins(x, "P<")) {
		x->p += *x->p == 'P';
		x->lost |= begins(x, "<*");
		skip_name(x);
		read_inside(x, out);
	} else if (begins(x, ">") || begins(x, "|")) {
		x->p++;
		read_inside(x, out);
	} else if (read_flags(x)) {
		read_inside(x, out);
	}
}

/* ---- the whole ---- */

/* \Q … \E, one character at a time, so that a repeat behind it means the last one. False: not in one. */
static bool read_quoted(reader *x, level *l) {
	if (!begins(x, "\\Q"))
		return false;
	x->p += 2;
	while (x->p < x->end && !begins(x, "\\E")) {
		l->part.count = 1;
		run_character(&l->part.items[0], next_character(x));
		if (begins(x, "\\E")) {
			x->p += 2;
			read_repeats(x, &l->part);
			row_join(&l->row, &l->part);
			return true;
		}
		row_join(&l->row, &l->part);
	}
	x->p += x->p < x->end ? 2 : 0;
	return true;
}

static void read_part(reader *x, level *l) {
	runs *part = &l->part;
	part->count = 1;
	part->items[0].n = 0;
	char c = *x->p;
	if (c == '^' || c == '$' || c == '.') {
		x->p++;
		runs_mark(part, c == '.' ? RUN_GAP : RUN_BORDER);
	} else if (c == '\\') {
		x->p++;
		read_escape(x, &part->items[0]);
	} else if (c == '[' || c == '(') {
		x->p++;
		if (c == '[')
			read_class(x, part);
		else
			read_group(x, part);
	} else {
		x->lost |= is_one((unsigned char)c, "*+?"); /* a repeat of nothing */
		run_character(&part->items[0], next_character(x));
	}
	if (x->lost)
		return;
	read_repeats(x, part);
	row_join(&l->row, &l->part);
}

static void read_alternatives(reader *x, runs *out) {
	out->count = 0;
	if (x->depth == DEPTH_MOST) {
		x->lost = true;
		return;
	}
	level **place = &x->levels[x->depth++], *l = *place ? *place : (*place = malloc(sizeof **place));
	x->memory |= !l;
	x->lost |= !l;
	bool wide = false;
	for (bool more = true; more && !x->lost;) {
		row_begin(&l->row);
		while (x->p < x->end && *x->p != '|' && *x->p != ')' && !x->lost)
			if (!read_quoted(x, l))
				read_part(x, l);
		const runs *branch = row_end(&l->row);
		for (int i = 0; i < branch->count; i++)
			wide |= !runs_add(out, &branch->items[i]);
		more = x->p < x->end && *x->p == '|';
		x->p += more;
	}
	if (wide)
		runs_mark(out, RUN_GAP);
	x->depth--;
}

static bool terms_of(const runs *r, arena *a, term **out, int *count) {
	*out = ARENA_ARRAY(a, term, r->count);
	for (int i = 0; *out && i < r->count; i++) {
		choice c = run_best(&r->items[i]);
		bool known = false;
		for (int k = 0; k < *count && !known; k++)
			known = (*out)[k].how == c.how && (*out)[k].text.n == (size_t)c.n &&
			        !memcmp((*out)[k].text.p, c.p, (size_t)c.n);
		if (known)
			continue;
		str text = arena_str(a, (str){c.p, (size_t)c.n});
		if (!text.p)
			return false;
		(*out)[(*count)++] = (term){.text = text, .weight = 1, .how = c.how};
	}
	return *out;
}

bool regex_literals(str pattern, arena *a, term **out, int *count) {
	reader x = {.p = pattern.p, .end = pattern.p + pattern.n};
	runs *all = malloc(sizeof *all);
	bool ok = all;
	*out = NULL;
	*count = 0;
	if (all && pattern.n && utf8_valid(pattern)) {
		read_alternatives(&x, all);
		if (!x.lost && x.p == x.end && runs_score(all))
			ok = terms_of(all, a, out, count);
		ok &= !x.memory;
	}
	for (int i = 0; i < DEPTH_MOST; i++)
		free(x.levels[i]);
	free(all);
	return ok;
}
