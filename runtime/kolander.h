/* kolander.h: vets creators for influencer marketing. The one public header.
 *
 * A ruleset is loaded from a folder of Lua files, a plan binds it to a roster (SQLite) and a
 * campaign, and a run judges creators: approve, review or reject, each with findings.
 *
 * Threads: every handle belongs to one thread at a time; two handles that do not share a ruleset
 * may be used in two threads at once.
 * Ownership: what kol_*_open returns is the caller's, freed by kol_*_close (NULL is fine).
 * Text that a getter returns is borrowed: valid until the handle that gave it is closed or, for
 * what hangs on a verdict, until the visitor returns. All text is UTF-8. NULL means "none".
 * Errors: a function that can fail returns a kol_status and fills *err where err is not NULL.
 */
#ifndef KOLANDER_H
#define KOLANDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KOL_VERSION "0.1.0"

#if defined(__GNUC__)
#define KOL_API __attribute__((visibility("default")))
#else
#define KOL_API
#endif

typedef enum kol_status {
	KOL_OK = 0,
	KOL_E_USAGE = 1,       /* the caller's words are off: unknown campaign, creator, option */
	KOL_E_RULE = 2,        /* the ruleset has problems */
	KOL_E_ROSTER = 3,      /* not a roster, a newer one, damaged, locked, missing */
	KOL_E_INPUT = 4,       /* an export or other input that cannot be read */
	KOL_E_IO = 5,          /* reading or writing failed: disk full, no permission */
	KOL_E_MEMORY = 6,      /* out of memory */
	KOL_E_LIMIT = 7,       /* a bound was reached */
	KOL_E_UNFINISHED = 8,  /* the run could not finish as it should */
	KOL_E_INTERRUPTED = 9, /* a signal or a visitor stopped it */
	KOL_E_PIPE = 10,       /* the reader of the output went away */
	KOL_E_BUG = 11         /* kolander's own fault */
} kol_status;

/* One sentence that says what is wrong, where, and what to do. Lives where the caller puts it. */
typedef struct kol_error {
	kol_status code;
	int line;           /* from 1; 0 where there is none */
	int column;         /* from 1, in characters; 0 where there is none */
	char path[512];     /* the file, or "" */
	char message[1024]; /* without file and line */
	char excerpt[400];  /* the source line and, below it, a caret; or "" */
} kol_error;

/* Writes "path:line:column: message" (and the excerpt below it, if there is one) into out, NUL-terminated. */
KOL_API void kol_error_text(const kol_error *err, char *out, size_t size);

typedef enum kol_decision { KOL_APPROVE = 0, KOL_REVIEW = 1, KOL_REJECT = 2 } kol_decision;
typedef enum kol_level { KOL_NOTE = 0, KOL_LEVEL_REVIEW = 1, KOL_LEVEL_REJECT = 2 } kol_level;
typedef enum kol_outcome {
	KOL_PASS = 0,
	KOL_SKIP = 1,
	KOL_WAIVED = 2,
	KOL_UNKNOWN = 3,
	KOL_ERROR = 4,
	KOL_FAIL = 5
} kol_outcome;

/* ---- rulesets ---------------------------------------------------------------------------- */

typedef struct kol_ruleset kol_ruleset;
typedef struct kol_problems kol_problems; /* what is wrong with a ruleset, in path and line order */

/* Loads every .lua file below `folder` (ruleset.lua first). stdlib: folder or NULL for the default.
 * On KOL_E_RULE *problems lists all errors of all files (close it) and *out is a ruleset that cannot run:
 * kol_plan_open on it tells the same problems and what else is wrong with its sound rules. Close both. */
KOL_API kol_status kol_ruleset_open(const char *folder, const char *stdlib, kol_ruleset **out, kol_problems **problems,
                                    kol_error *err);
KOL_API void kol_ruleset_close(kol_ruleset *ruleset);
KOL_API const char *kol_ruleset_fingerprint(const kol_ruleset *ruleset); /* "sha256:…" */
KOL_API int kol_ruleset_rules(const kol_ruleset *ruleset);               /* how many */
KOL_API const char *kol_ruleset_rule_id(const kol_ruleset *ruleset, int i);

KOL_API int kol_problems_count(const kol_problems *problems);
KOL_API const kol_error *kol_problems_get(const kol_problems *problems, int i);
KOL_API void kol_problems_close(kol_problems *problems);

/* Runs the examples of every rule; calls `visit` for each (actual differs from expected: a miss). */
typedef void kol_example_visitor(void *user, const char *rule, int example, const char *expected, const char *actual,
                                 const char *message, const char *path, int line);
KOL_API kol_status kol_ruleset_examples(kol_ruleset *ruleset, kol_example_visitor *visit, void *user, kol_error *err);

/* What works and could be better: terms of lexicons that are empty, doubled or never count. Borrowed. */
KOL_API const kol_problems *kol_ruleset_warnings(const kol_ruleset *ruleset);

/* ---- plans --------------------------------------------------------------------------------- */

typedef struct kol_plan kol_plan;

typedef struct kol_plan_options {
	const char *roster;     /* path of the SQLite file; NULL: only check, against the columns every roster has */
	const char *campaign;   /* campaign id; required where there is a roster */
	const char *as_of;      /* "YYYY-MM-DD"; NULL: today (UTC). The end of that day is "now" */
	const char *const *set; /* "rule-id.name=value", each */
	size_t set_count;
	const char *const *creators; /* "platform/handle" or "@handle"; none: everyone */
	size_t creators_count;
	bool enrolled;  /* only the campaign's own creators */
	int workers;    /* 0: in the calling thread; more: that many processes */
	int batch_rows; /* creators per batch, 1–1024; 0: 1024 */
	bool backward;  /* judge within each range from the last creator to the first */
} kol_plan_options;

/* Type-checks the ruleset's conditions against the roster. Problems as for kol_ruleset_open. The
 * ruleset must outlive the plan. */
KOL_API kol_status kol_plan_open(kol_ruleset *ruleset, const kol_plan_options *options, kol_plan **out,
                                 kol_problems **problems, kol_error *err);
KOL_API void kol_plan_close(kol_plan *plan);
KOL_API const char *kol_plan_fingerprint(const kol_plan *plan);
/* What works and is slow: patterns without a word that every match must hold. Borrowed. */
KOL_API const kol_problems *kol_plan_advice(const kol_plan *plan);

/* ---- texts --------------------------------------------------------------------------------- */

typedef struct kol_reader kol_reader; /* tells what the engine sees in a text */

/* ruleset: whose lexicons are looked for (those that are a campaign's have no terms); it must outlive the reader. NULL:
 * none. stdlib as for kol_ruleset_open, where there is no ruleset. */
KOL_API kol_status kol_reader_open(kol_ruleset *ruleset, const char *stdlib, kol_reader **out, kol_error *err);
KOL_API void kol_reader_close(kol_reader *reader);
/* One JSON object: text, language, hits, hashtags, mentions, urls, codes, sentiment, commercial. Places are bytes of
 * the text, the end exclusive. language: BCP 47, or NULL where it is not stated. *json is borrowed until the next call.
 * text: n bytes, fewer than 2^30. */
KOL_API kol_status kol_reader_read(kol_reader *reader, const char *text, size_t n, const char *language,
                                   const char **json, size_t *json_n, kol_error *err);

/* ---- verdicts -------------------------------------------------------------------------------- */

typedef struct kol_verdict kol_verdict; /* one creator's; borrowed from the run */
typedef struct kol_finding kol_finding; /* borrowed from the verdict */

KOL_API const char *kol_verdict_platform(const kol_verdict *v);
KOL_API const char *kol_verdict_handle(const kol_verdict *v);
KOL_API kol_decision kol_verdict_decision(const kol_verdict *v);
KOL_API void kol_verdict_score(const kol_verdict *v, double *min, double *max); /* points, 0–100 */
KOL_API size_t kol_verdict_findings(const kol_verdict *v);
KOL_API const kol_finding *kol_verdict_finding(const kol_verdict *v, size_t i);

KOL_API const char *kol_finding_rule(const kol_finding *f);
KOL_API kol_level kol_finding_level(const kol_finding *f);
KOL_API kol_outcome kol_finding_outcome(const kol_finding *f);
KOL_API const char *kol_finding_market(const kol_finding *f); /* ISO 3166-1 alpha-2, or NULL */
KOL_API const char *kol_finding_post(const kol_finding *f);   /* post id, or NULL */
KOL_API const char *kol_finding_message(const kol_finding *f);

KOL_API const char *kol_decision_name(kol_decision d);
KOL_API const char *kol_level_name(kol_level l);
KOL_API const char *kol_outcome_name(kol_outcome o);

/* Called for each creator in id order, in the calling thread. Return false to stop the run. */
typedef bool kol_visitor(void *user, const kol_verdict *verdict);

/* Judges every selected creator in the calling thread, whatever options.workers says. */
KOL_API kol_status kol_vet(kol_plan *plan, kol_visitor *visit, void *user, kol_error *err);
/* Judges one creator of the plan's roster ("platform/handle" or "@handle"). KOL_E_USAGE if unknown. */
KOL_API kol_status kol_vet_creator(kol_plan *plan, const char *creator, kol_visitor *visit, void *user, kol_error *err);

/* ---- reports ---------------------------------------------------------------------------------- */

typedef enum kol_format { KOL_TEXT = 0, KOL_JSON, KOL_NDJSON, KOL_CSV } kol_format;

/* Receives output bytes in order. Return false when they cannot be taken (the run stops; errno says why). */
typedef bool kol_sink(void *user, const char *bytes, size_t count);
typedef void kol_progress(void *user, int64_t judged, int64_t total); /* total: -1 where not known */
typedef void kol_message(void *user, const char *sentence);           /* for people: stderr */

typedef struct kol_report_options {
	kol_format format;
	int details;    /* text: how many creators with reasons; -1: all; 0: counts only */
	bool color;     /* text: ANSI colours */
	kol_sink *sink; /* required */
	void *sink_user;
	kol_progress *progress; /* may be NULL */
	void *progress_user;
	kol_message *message; /* may be NULL */
	void *message_user;
} kol_report_options;

typedef struct kol_totals {
	int64_t creators, approve, review, reject;
	int64_t errors; /* findings with outcome error */
	bool killed;    /* a worker died or was killed: the caller exits 3 */
	int64_t kills;
} kol_totals;

/* Judges every selected creator with plan's workers and writes the report. The output depends on
 * nothing but ruleset, roster, campaign, as-of and --set. KOL_E_UNFINISHED: see the message. */
KOL_API kol_status kol_report(kol_plan *plan, const kol_report_options *options, kol_totals *totals, kol_error *err);

/* ---- import -------------------------------------------------------------------------------------- */

typedef struct kol_import_options {
	const char *roster;     /* made if it is not there */
	const char *file;       /* .csv, .ndjson, .jsonl, .json */
	const char *as;         /* "creators", "posts", … for CSV; NULL: creators */
	const char *platform;   /* where the file does not say; NULL: guessed from its name and headers */
	const char *at;         /* "YYYY-MM-DD" the data was true; NULL: the file's own date */
	const char *covers;     /* "FROM..TO", or NULL */
	const char *rejected;   /* where rejected rows go; NULL: FILE.rejected.csv */
	kol_progress *progress; /* bytes read, bytes in all */
	void *progress_user;
	volatile const int *cancel; /* nonzero: stop and leave the roster as it was; or NULL */
} kol_import_options;

typedef struct kol_import_report {
	int64_t rows;     /* data rows read */
	int64_t stored;   /* new */
	int64_t merged;   /* joined to what was there: updated, or already the same */
	int64_t rejected; /* in the rejected file */
	char rejected_path[512];
	char unknown_columns[1024]; /* names, comma-separated; or "" */
	char mapping[2048];         /* "column → field" per line, for people */
	char unread_columns[512];   /* known ones that hold what their names do not say; or "" */
	char reason[256];           /* why most of the rejected rows were; or "" */
	int64_t reason_count;       /* how many of them */
} kol_import_report;

KOL_API kol_status kol_import(const kol_import_options *options, kol_import_report *report, kol_error *err);

#ifdef __cplusplus
}
#endif
#endif
