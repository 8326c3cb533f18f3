/* import.c: one file into a roster in one transaction. Every data row ends stored, merged or in the rejected file.
 * Uses source, csv, ndjson and roster/upsert. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "import/csv.h"
#include "import/file_date.h"
#include "import/platform.h"
#include "import/reasons.h"
#include "import/rejects.h"
#include "import/spans.h"
#include "roster/db.h"

typedef struct job {
	const kol_import_options *o;
	kol_import_report *report;
	source source;
	csv_map map;
	csv_record record;
	ndjson_context context;
	spans spans;
	buffer unknown;
	bool csv, dated;    /* dated: the day is known without asking the roster */
	const char *covers; /* what --covers speaks of: posts, partnerships, history; NULL: not asked */
	int64_t from, to, size;
	rejects rejects;
	reasons reasons;
	buffer unread;
} job;

static bool ends(const char *path, const char *end) {
	size_t n = strlen(path), m = strlen(end);
	return n >= m && strcasecmp(path + n - m, end) == 0;
}

static kol_status reject(job *j, int64_t line, const char *why, str record, bool cells, kol_error *err) {
	rejects *r = &j->rejects;
	char number[24];
	reasons_add(&j->reasons, why);
	kol_status rc = rejects_begin(r, err);
	if (rc)
		return rc;
	if (!j->report->rejected++) {
		fputs("line,reason", r->file);
		for (int i = 0; j->csv && i < j->map.columns; i++) {
			fputc(',', r->file);
			rejects_cell(r, str_of(j->map.names[i]));
		}
		fputs(j->csv ? "\n" : ",\"row\"\n", r->file);
	}
	snprintf(number, sizeof number, "%lld,", (long long)line);
	fputs(number, r->file);
	rejects_cell(r, str_of(why));
	for (int i = 0; cells && i < j->record.count; i++) {
		fputc(',', r->file);
		rejects_cell(r, j->record.cells[i]);
	}
	if (!cells) {
		fputc(',', r->file);
		rejects_cell(r, (str){record.p, utf8_cut(record, 4096)});
	}
	return rejects_end(r, err);
}

/* A date before there were platforms, or one still to come, is a slip: it says nothing of what was collected. */
static bool widens(int64_t posted) {
	return posted >= 1075593600 /* 2004-02-01 */ && posted <= clock_now() + DAY_SECONDS;
}

static kol_status take(job *j, str record, int64_t line, const char *why, kol_error *err) {
	ndjson_result result = {.posted_at = INT64_MIN};
	kol_error bad = {0};
	bool cells = false;
	kol_status rc;
	if (value_trim(record).n == 0)
		return KOL_OK;
	if (j->csv && !why) {
		cells = csv_split(&j->record, record, j->source.delimiter);
		if (cells && csv_blank(&j->record))
			return KOL_OK;
		if (!cells)
			why = j->record.count < 0 ? "it has more columns than the 1024 that are read"
			                          : "the row cannot be split into cells";
		if (cells && j->record.count != j->map.columns && memchr(record.p, '\n', record.n)) {
			const char *end = memchr(record.p, '\n', record.n);
			source_resync(&j->source, record, line);
			record.n = (size_t)(end - record.p);
			cells = false;
			why = "a quote is opened and not closed as it should be";
		}
	}
	j->report->rows++;
	if (why)
		return reject(j, line, why, record, cells, err);
	rc = j->csv ? csv_store(&j->map, &j->context, &j->record, &result, &bad)
	            : ndjson_object(&j->context, record.p, record.n, &result, &bad);
	if (rc == KOL_E_INPUT)
		return reject(j, line, bad.message, record, cells, err);
	if (rc) {
		if (err)
			*err = bad;
		return rc;
	}
	if (result.stored)
		j->report->stored++;
	else
		j->report->merged++;
	int64_t posted = widens(result.posted_at) ? result.posted_at : INT64_MIN;
	if (result.creator_id && (j->covers || posted != INT64_MIN) && !spans_add(&j->spans, result.creator_id, posted))
		return error_memory(err);
	return KOL_OK;
}

static kol_status take_all(job *j, kol_error *err) {
	int64_t told = 0, line;
	for (;;) {
		str record;
		const char *why;
		kol_status rc = source_next(&j->source, &record, &line, &why, err);
		if (rc || !record.p)
			return rc;
		if (j->o->cancel && *j->o->cancel)
			return error_set(err, KOL_E_INTERRUPTED, "stopped; the roster is as it was");
		if ((rc = take(j, record, line, why, err)))
			return rc;
		if (j->o->progress && j->source.read - told >= 1 << 20) {
			told = j->source.read;
			j->o->progress(j->o->progress_user, told, j->size);
		}
	}
}

static kol_status cover(job *j, kol_error *err) {
	int table = upsert_find(STR("coverage"));
	for (size_t i = 0; i < j->spans.capacity; i++) {
		const span_of *s = &j->spans.items[i];
		for (int asked = 0; s->creator_id && asked < 2; asked++) {
			if (asked ? !j->covers : s->from > s->to)
				continue;
			upsert_cell cells[UPSERT_COLUMNS] = {{.kind = CELL_INTEGER, .i = s->creator_id},
			                                     {.kind = CELL_TEXT, .s = asked ? str_of(j->covers) : STR("posts")},
			                                     {.kind = CELL_INTEGER, .i = asked ? j->from : s->from},
			                                     {.kind = CELL_INTEGER, .i = asked ? j->to : s->to},
			                                     {.kind = CELL_TEXT, .s = STR("import")}};
			bool stored;
			kol_status rc = upsert_put(j->context.u, table, cells, &stored, err);
			if (rc)
				return rc;
		}
	}
	return KOL_OK;
}

/* The file's SHA-256, size and the day it was last written. */
static kol_status digest(const job *j, const char *path, char out[static 72], int64_t *size, int64_t *day,
                         kol_error *err) {
	struct stat st;
	char block[1 << 16];
	size_t n;
	FILE *f = fopen(path, "re");
	if (!f || fstat(fileno(f), &st) || !S_ISREG(st.st_mode)) {
		int why = errno;
		if (f)
			fclose(f);
		/* A file that is not there is the caller's mistake; a disk that fails is not. */
		bool bad =
		    f || errno == ENOENT || errno == ENOTDIR || errno == EACCES || errno == ELOOP || errno == ENAMETOOLONG;
		return error_set(err, bad ? KOL_E_INPUT : KOL_E_IO, "%s cannot be read: %s", path,
		                 f ? "it is not a file" : strerror(why));
	}
	sha256 h;
	sha256_begin(&h);
	while (!(j->o->cancel && *j->o->cancel) && (n = fread(block, 1, sizeof block, f)) > 0)
		sha256_add(&h, block, n);
	bool bad = ferror(f);
	fclose(f);
	sha256_end(&h, out);
	*size = st.st_size;
	*day = st.st_mtime / DAY_SECONDS * DAY_SECONDS;
	return bad ? error_set(err, KOL_E_IO, "%s cannot be read", path) : KOL_OK;
}

static kol_status read_covers(job *j, kol_error *err) {
	static const char *const kinds[] = {"posts", "partnerships", "history"};
	const char *text = j->o->covers, *as = j->csv ? (j->o->as ? j->o->as : "creators") : "posts";
	const char *dots = text ? strstr(text, "..") : NULL;
	if (!text)
		return KOL_OK;
	if (!dots || !clock_date((str){text, (size_t)(dots - text)}, &j->from) || !clock_date(str_of(dots + 2), &j->to) ||
	    j->from > j->to)
		return error_set(err, KOL_E_USAGE, "--covers takes two dates such as 2026-05-01..2026-11-20, not '%.80s'",
		                 text);
	j->to = clock_day_end(j->to);
	for (int i = 0; i < 3; i++)
		if (strcmp(kinds[i], as) == 0)
			j->covers = kinds[i];
	return j->covers ? KOL_OK
	                 : error_set(err, KOL_E_USAGE,
	                             "--covers tells for which time posts are complete; a file of %.40s has none: use it "
	                             "with --as posts, partnerships or history",
	                             as);
}

static kol_status read_options(job *j, kol_error *err) {
	const kol_import_options *o = j->o;
	arena memory = {0};
	str platform = o->platform ? value_platform(str_of(o->platform), &memory) : STR("instagram");
	kol_status rc = platform.p ? platform_check(platform, err) : error_memory(err);
	arena_free(&memory);
	if (rc)
		return rc;
	if (o->at && !clock_date(str_of(o->at), &j->context.at))
		return error_set(err, KOL_E_USAGE, "--at takes a date such as 2026-11-23, not '%.80s'", o->at);
	j->dated = o->at || file_date(o->file, &j->context.at);
	j->csv = ends(o->file, ".csv");
	if (!j->csv && !ends(o->file, ".ndjson") && !ends(o->file, ".jsonl") && !ends(o->file, ".json"))
		return error_set(err, KOL_E_USAGE, "%s: the name must end in .csv, .ndjson, .jsonl or .json", o->file);
	if (!j->csv && o->as)
		return error_set(err, KOL_E_USAGE, "--as is for CSV files; each line of %s says itself what it is", o->file);
	rc = read_covers(j, err);
	return rc ? rc : rejects_open(&j->rejects, o->rejected, o->file, o->roster, err);
}

static void find_platform(job *j) {
	static const char *const known[] = {"instagram", "tiktok", "youtube"};
	const char *base = strrchr(j->o->file, '/');
	j->context.platform = j->o->platform ? str_of(j->o->platform) : j->map.guessed_platform;
	for (int i = 0; i < 3 && !j->o->platform && j->csv; i++)
		if (strcasestr(base ? base : j->o->file, known[i]))
			j->context.platform = str_of(known[i]);
}

static void describe(job *j) {
	kol_import_report *r = j->report;
	for (int i = 0; j->csv && i < j->map.columns; i++) {
		size_t n = strlen(r->mapping);
		int f = j->map.field[i];
		if (f == CSV_UNKNOWN || f == CSV_BROKEN)
			ndjson_list(f == CSV_BROKEN ? &j->unread : &j->unknown, str_of(j->map.names[i]));
		const char *to = i == j->map.handle     ? "handle"
		                 : i == j->map.platform ? "platform"
		                 : f == CSV_ENGAGEMENT  ? "engagement_rate (over followers)"
		                 : f == CSV_BROKEN      ? "not read: what it holds is not what it says"
		                 : f < 0                ? NULL
		                                        : upsert_describe(j->map.table)->columns[f].name;
		if (to)
			snprintf(r->mapping + n, sizeof r->mapping - n, "%.60s → %s\n", j->map.names[i], to);
	}
	snprintf(r->unknown_columns, sizeof r->unknown_columns, "%.*s", (int)j->unknown.n,
	         j->unknown.p ? j->unknown.p : "");
	str unread = {j->unread.p, j->unread.n};
	snprintf(r->unread_columns, sizeof r->unread_columns, "%.*s", (int)utf8_cut(unread, sizeof r->unread_columns - 1),
	         unread.p ? unread.p : "");
	const struct reason *most = reasons_most(&j->reasons);
	snprintf(r->reason, sizeof r->reason, "%s", most ? most->text : "");
	r->reason_count = most ? most->count : 0;
}

static kol_status import_into(job *j, sqlite3 *db, const char *sha, kol_error *err) {
	kol_status rc = upsert_open(db, &j->context.u, err);
	if (rc || (rc = upsert_begin(j->context.u, err)))
		return rc;
	if (!j->dated)
		rc = upsert_seen(j->context.u, str_of(sha), &j->context.at, err);
	if (!rc)
		rc = take_all(j, err);
	if (!rc)
		rc = cover(j, err);
	if (!rc)
		rc = upsert_note(j->context.u,
		                 &(upsert_import){str_of(j->o->file), str_of(sha), str_of(j->csv ? "csv" : "ndjson"),
		                                  j->context.at, j->report->stored, j->report->merged, j->report->rejected},
		                 err);
	if (!rc)
		rc = rejects_place(&j->rejects, err);
	if (!rc)
		rc = upsert_commit(j->context.u, err);
	return rc;
}

kol_status kol_import(const kol_import_options *o, kol_import_report *report, kol_error *err) {
	char sha[72];
	sqlite3 *db = NULL;
	job j = {.o = o, .report = report};
	*report = (kol_import_report){0};
	if (!o->roster || !o->file)
		return error_set(err, KOL_E_USAGE, "an import needs a roster and a file");
	kol_status rc = digest(&j, o->file, sha, &j.size, &j.context.at, err);
	if (!rc)
		rc = read_options(&j, err);
	if (!rc)
		rc = source_open(&j.source, o->file,
		                 j.csv                    ? SOURCE_CSV
		                 : ends(o->file, ".json") ? SOURCE_JSON
		                                          : SOURCE_LINES,
		                 err);
	if (!rc && j.csv)
		rc = csv_open(&j.map, &j.source, o->as, err);
	bool fresh = access(o->roster, F_OK) != 0;
	if (!rc) {
		find_platform(&j);
		j.context.unknown = &j.unknown;
		rc = roster_create(o->roster, &db, err);
	}
	if (!rc)
		rc = import_into(&j, db, sha, err);
	if (rc && j.context.u)
		upsert_rollback(j.context.u);
	upsert_close(j.context.u);
	if (rc && fresh && db)
		upsert_discard(db, o->roster);
	roster_close(db);
	rejects_settle(&j.rejects, !rc);
	if (!rc) {
		describe(&j);
		if (report->rejected)
			snprintf(report->rejected_path, sizeof report->rejected_path, "%s", j.rejects.target);
	}
	ndjson_free(&j.context);
	csv_record_free(&j.record);
	csv_close(&j.map);
	source_close(&j.source);
	spans_free(&j.spans);
	buffer_free(&j.unknown);
	buffer_free(&j.unread);
	return rc;
}
