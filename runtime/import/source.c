/* source.c: cuts a file into records. A quote that is never closed costs its own line, not the rest of the file. */
#include "import/source.h"

#include <errno.h>
#include <string.h>

#include "base/utf8.h"

#define QUOTED_MOST (1u << 20) /* bytes of a CSV record that runs over lines */
#define BLOCK (1u << 18)       /* bytes that are read at once */
#define KEPT 4096              /* bytes kept of a record that is too long */

void source_close(source *s) {
	if (s->file)
		fclose(s->file);
	buffer_free(&s->window);
	*s = (source){0};
}

static kol_status more(source *s, size_t want, kol_error *err) {
	if (s->at) {
		memmove(s->window.p, s->window.p + s->at, s->window.n - s->at);
		s->window.n -= s->at;
		s->at = 0;
	}
	if (!buffer_reserve(&s->window, want))
		return error_memory(err);
	size_t got = fread(s->window.p + s->window.n, 1, want, s->file);
	if (ferror(s->file))
		return error_set(err, KOL_E_IO, "%s cannot be read: %s", s->path, strerror(errno));
	s->ended = got < want;
	s->window.n += got;
	s->read += (int64_t)got;
	return KOL_OK;
}

/* A file that is no UTF-8 text is better refused as a whole than row by row. */
static kol_status look(const source *s, kol_error *err) {
	const char *p = s->window.p;
	size_t n = s->window.n < 4096 ? s->window.n : 4096, odd = 0;
	if (!n)
		return error_set(err, KOL_E_INPUT, "%s is empty", s->path);
	if (n >= 4 && memcmp(p, "PK\3\4", 4) == 0)
		return error_set(err, KOL_E_INPUT, "%s is a spreadsheet or a zip file; save it as CSV (UTF-8) first", s->path);
	for (size_t i = 0; i < n;) {
		uint32_t c;
		size_t length = utf8_decode(p + i, n - i, &c);
		odd += (c == 0xfffd && length == 1) || (c < ' ' && !strchr("\t\n\v\f\r", (int)c)) || c == 0;
		i += length;
	}
	if (odd * 5 > n)
		return error_set(err, KOL_E_INPUT, "%s is not UTF-8 text; save it as CSV (UTF-8) or NDJSON first", s->path);
	return KOL_OK;
}

kol_status source_open(source *s, const char *path, enum source_kind kind, kol_error *err) {
	*s = (source){.path = path, .kind = kind, .line = 1, .delimiter = ','};
	s->file = fopen(path, "re");
	if (!s->file)
		return error_set(err, KOL_E_IO, "%s cannot be read: %s", path, strerror(errno));
	kol_status rc = more(s, BLOCK, err);
	if (!rc)
		rc = look(s, err);
	if (!rc && s->window.n >= 3 && memcmp(s->window.p, "\xef\xbb\xbf", 3) == 0)
		s->at = 3;
	return rc;
}

enum cut { CUT_DONE, CUT_MORE, CUT_BROKEN };

static enum cut cut_line(const source *s, str w, size_t *n) {
	const char *end = w.n ? memchr(w.p, '\n', w.n) : NULL;
	*n = end ? (size_t)(end - w.p) : w.n;
	return end || s->ended ? CUT_DONE : CUT_MORE;
}

static enum cut cut_csv(const source *s, str w, size_t *n) {
	bool start = true, quoted = false;
	for (size_t i = 0; i < w.n; i++) {
		char c = w.p[i];
		if (quoted) {
			if (c != '"')
				continue;
			if (i + 1 == w.n && !s->ended)
				return CUT_MORE;
			if (i + 1 < w.n && w.p[i + 1] == '"') {
				i++;
				continue;
			}
			quoted = false;
			if (i + 1 < w.n && w.p[i + 1] != s->delimiter && w.p[i + 1] != '\n' && w.p[i + 1] != '\r')
				return CUT_BROKEN;
		} else if (c == '"' && start) {
			quoted = true;
		} else if (c == '\n') {
			*n = i;
			return CUT_DONE;
		}
		start = !quoted && c == s->delimiter;
	}
	*n = w.n;
	if (quoted && (s->ended || w.n > QUOTED_MOST))
		return CUT_BROKEN;
	return s->ended ? CUT_DONE : CUT_MORE;
}

/* Where a JSON value ends; goes on where it stopped. */
typedef struct json_scan {
	int depth;
	bool text, escaped;
} json_scan;

static bool scan_json(json_scan *j, str w, size_t *n) {
	for (size_t i = 0; i < w.n; i++) {
		char c = w.p[i];
		if (j->text) {
			if (j->escaped)
				j->escaped = false;
			else if (c == '\\')
				j->escaped = true;
			else if (c == '"')
				j->text = false;
		} else if (c == '"') {
			j->text = true;
		} else if (c == '{' || c == '[') {
			j->depth++;
		} else if ((c == '}' || c == ']') && --j->depth <= 0) {
			*n = i + 1;
			return true;
		} else if (j->depth <= 0 && (c == ',' || c == '\n')) {
			*n = i;
			return true;
		}
	}
	*n = w.n;
	return false;
}

static enum cut cut_json(const source *s, str w, size_t *n) {
	json_scan j = {0};
	if (scan_json(&j, w, n))
		return CUT_DONE;
	return !s->ended ? CUT_MORE : j.depth > 0 || j.text ? CUT_BROKEN : CUT_DONE;
}

static int64_t lines_in(const char *p, size_t n) {
	int64_t count = 0;
	for (const char *end = p + n; p < end && (p = memchr(p, '\n', (size_t)(end - p))); p++)
		count++;
	return count;
}

static kol_status cut_short(const source *s, kol_error *err) {
	return error_set(err, KOL_E_INPUT, "%s is cut short: what begins at line %lld does not end; export it anew",
	                 s->path, (long long)s->line);
}

/* Between JSON values: spaces, commas and the brackets of lists around them. */
static void skip_between(source *s) {
	for (; s->at < s->window.n; s->at++) {
		char c = s->window.p[s->at];
		if (c == '\n')
			s->line++;
		else if (c == '[')
			s->open++;
		else if (c == ']' && s->open)
			s->open--;
		else if (!c || !strchr(" \t\r,", c))
			return;
	}
}

/* Passes over a record of which nothing is kept but its beginning. */
static kol_status skip_long(source *s, str *record, kol_error *err) {
	json_scan j = {0};
	size_t from = 0, n;
	for (;;) {
		str w = {s->window.p + s->at + from, s->window.n - s->at - from};
		const char *end = s->kind == SOURCE_JSON ? NULL : memchr(w.p, '\n', w.n);
		bool found = s->kind == SOURCE_JSON ? scan_json(&j, w, &n) : end != NULL;
		if (s->kind != SOURCE_JSON)
			n = end ? (size_t)(end - w.p) : w.n;
		s->line += lines_in(w.p, n);
		if (found || s->ended) {
			*record = (str){s->window.p + s->at, KEPT};
			s->at += from + n;
			return !found && s->kind == SOURCE_JSON ? cut_short(s, err) : KOL_OK;
		}
		s->window.n = s->at + KEPT;
		from = KEPT;
		kol_status rc = more(s, BLOCK, err);
		if (rc)
			return rc;
	}
}

kol_status source_next(source *s, str *record, int64_t *line, const char **why, kol_error *err) {
	*record = (str){0};
	for (;;) {
		*why = NULL;
		if (s->kind == SOURCE_JSON)
			skip_between(s);
		str w = {s->window.p + s->at, s->window.n - s->at};
		size_t n = 0;
		enum cut cut = CUT_MORE;
		*line = s->line;
		if (w.n)
			cut = s->kind == SOURCE_CSV    ? cut_csv(s, w, &n)
			      : s->kind == SOURCE_JSON ? cut_json(s, w, &n)
			                               : cut_line(s, w, &n);
		else if (s->ended)
			return s->open ? cut_short(s, err) : KOL_OK;
		if (cut == CUT_BROKEN && s->kind == SOURCE_JSON)
			return cut_short(s, err);
		if (cut == CUT_BROKEN) {
			*why = "a quote is opened and not closed as it should be";
			cut = cut_line(s, w, &n);
		}
		if (w.n > RECORD_MOST && (cut == CUT_MORE || n > RECORD_MOST)) {
			*why = "longer than 16 MiB";
			return skip_long(s, record, err);
		}
		if (cut == CUT_MORE) {
			kol_status rc = more(s, w.n < BLOCK ? BLOCK : w.n < RECORD_MOST / 2 ? w.n : RECORD_MOST / 4, err);
			if (rc)
				return rc;
			continue;
		}
		*record = (str){w.p, n};
		s->line += lines_in(w.p, n) + (n < w.n && w.p[n] == '\n');
		s->at += n + (n < w.n && w.p[n] == '\n');
		if (n && w.p[n - 1] == '\r')
			record->n--;
		return KOL_OK;
	}
}

void source_resync(source *s, str record, int64_t line) {
	const char *end = memchr(record.p, '\n', record.n);
	if (!end)
		return;
	s->at = (size_t)(end + 1 - s->window.p);
	s->line = line + 1;
}
