/* lexicon.c: lists of terms, and the files they stand in. Uses arena, suggest and utf8. Knows nothing of how terms are
 * matched. */
#include "text/lexicon.h"

#include <math.h>
#include <stdlib.h>

#include "base/suggest.h"
#include "base/utf8.h"

bool lexicon_add(arena *a, lexicon *l, term t) {
	if (l->count == l->capacity) {
		int more = l->capacity ? l->capacity * 2 : 32;
		term *grown = ARENA_ARRAY(a, term, more);
		if (!grown)
			return false;
		if (l->count)
			memcpy(grown, l->terms, sizeof *grown * (size_t)l->count);
		l->terms = grown;
		l->capacity = more;
	}
	l->terms[l->count++] = t;
	return true;
}

static str trim(str s) {
	while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
		s.p++, s.n--;
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' || s.p[s.n - 1] == '\r'))
		s.n--;
	return s;
}

static bool read_weight(str text, double *out) {
	char copy[64], *end;
	if (text.n == 0 || text.n >= sizeof copy || !strchr("+-.0123456789", text.p[0]))
		return false;
	memcpy(copy, text.p, text.n);
	copy[text.n] = 0;
	*out = strtod(copy, &end);
	return end == copy + text.n && !strpbrk(copy, "xX") && isfinite(*out);
}

typedef struct reader {
	const char *path;
	int line;
	struct kol_problems *problems;
	enum role role;
} reader;

static void complain(reader *r, const kol_error *e) { problems_add(r->problems, e); }

static void read_section(reader *r, str line) {
	str name = trim((str){line.p + 1, line.n - 2});
	if (str_is(name, "terms")) {
		r->role = ROLE_TERM;
	} else if (str_is(name, "except")) {
		r->role = ROLE_EXCEPT;
	} else {
		suggest s;
		char hint[128];
		kol_error e;
		suggest_begin(&s, name);
		suggest_try(&s, STR("terms"));
		suggest_try(&s, STR("except"));
		error_at(&e, KOL_E_RULE, r->path, r->line, 1, "there is no section [%.*s]; sections are [terms] and [except]%s",
		         (int)utf8_cut(name, 60), name.p, suggest_text(&s, hint, sizeof hint));
		complain(r, &e);
	}
}

/* False when memory ended. */
static bool read_term(reader *r, arena *a, lexicon *l, str line) {
	term t = {.weight = 1, .role = r->role, .how = HOW_WRITTEN, .path = r->path, .line = r->line};
	const char *tab = memchr(line.p, '\t', line.n);
	kol_error e;
	t.text = trim((str){line.p, tab ? (size_t)(tab - line.p) : line.n});
	if (tab) {
		str weight = trim((str){tab + 1, (size_t)(line.p + line.n - tab - 1)});
		if (!read_weight(weight, &t.weight)) {
			error_at(&e, KOL_E_RULE, r->path, r->line, 0,
			         "behind the TAB stands the term's weight, and '%.*s' is not a number", (int)utf8_cut(weight, 60),
			         weight.p);
			complain(r, &e);
			t.weight = 1;
		}
	}
	return lexicon_add(a, l, t);
}

bool lexicon_read(arena *a, lexicon *l, const char *path, str bytes, struct kol_problems *problems) {
	reader r = {.path = path, .problems = problems, .role = ROLE_TERM};
	size_t from = bytes.n >= 3 && !memcmp(bytes.p, "\xEF\xBB\xBF", 3) ? 3 : 0;
	while (from < bytes.n) {
		const char *end = memchr(bytes.p + from, '\n', bytes.n - from);
		size_t to = end ? (size_t)(end - bytes.p) : bytes.n;
		str line = {bytes.p + from, to - from}, text = trim(line);
		from = to + 1;
		r.line++;
		if (text.n == 0 || (text.n >= 2 && !memcmp(text.p, "--", 2) && (text.n == 2 || text.p[2] == ' ')))
			continue;
		if (!utf8_valid(text)) {
			kol_error e;
			error_at(&e, KOL_E_RULE, path, r.line, 0, "this line is not UTF-8; save the file as UTF-8");
			complain(&r, &e);
		} else if (text.p[0] == '[' && text.p[text.n - 1] == ']') {
			read_section(&r, text);
		} else if (!read_term(&r, a, l, line)) {
			return false;
		}
	}
	return true;
}
