/* condition.h: parses conditions, type-checks them, and evaluates them over columns.
 *
 * A condition is parsed once per ruleset (syntax), compiled once per plan (names, kinds, constants) into
 * one `conditions` object that holds all of a plan's programs and the aggregates they share, and evaluated
 * a frame at a time. Truth has three values; numbers are intervals where rows may be missing (see design §4). */
#ifndef RULES_CONDITION_H
#define RULES_CONDITION_H

#include "roster/coverage.h"
#include "roster/frame.h"
#include "rules/value.h"
#include "text/reader.h"

/* A text that is joined from several, or goes over several lines: where its bytes from `from` on are written. */
typedef struct source_piece {
	size_t from;
	int line, column;
} source_piece;

/* Where the source text stands, for error messages: `line`/`column` of its first character in `path`. */
typedef struct source_place {
	const char *path;
	int line, column;
	const char *rule;           /* id, for messages where there is no file */
	const source_piece *pieces; /* NULL: it is written in one */
	int piece_count;
} source_place;

typedef struct condition condition; /* syntax tree; const after parsing; lives in the arena given */

/* NULL and *err on a syntax error (with caret). Source is copied. Nested deeper than 200 levels: an error. */
const condition *condition_parse(arena *a, str source, source_place at, kol_error *err);

/* What names mean for one rule. */
typedef struct scope {
	const catalogue *catalogue;
	enum table rows;        /* TABLE_CREATOR or TABLE_POST: what the condition is asked of */
	const values *campaign; /* fields by name; absent name: no such field; VALUE_MISSING: missing */
	const values *set;      /* this rule's parameters */
	const value *market;    /* NULL: the rule is not per market */
	const values *lookups;  /* lookup('name', …) */
	const rates *fx;
	int64_t as_of;
	assume assume;
	const char *const *rule_ids; /* for failed('pack/…') */
	int rule_count;
	const lexicon *lexicons; /* by name */
	int lexicon_count;
	inquiry *asked;              /* what is asked of texts is added */
	struct kol_problems *advice; /* what works and could be better: a pattern that is slow */
} scope;

typedef struct conditions conditions; /* all programs of a plan; const once compiled */

conditions *conditions_new(arena *a);
/* Adds a program; returns its number, or -1 after adding to `problems` (all that is wrong, not only the first).
 * want: fields it reads are added. */
int conditions_add(conditions *all, const condition *c, const scope *s, fetch *want, struct kol_problems *problems);
/* Does program i ask failed(…)? Then it belongs to the second pass. */
bool conditions_second_pass(const conditions *all, int program);
/* Does program i ask for sums over rows? Else a rule for each post can be asked while posts stream by. */
bool conditions_sums(const conditions *all, int program);
/* Child tables whose rows some program's aggregates need (bit set of 1 << enum table). */
unsigned conditions_tables(const conditions *all);
unsigned conditions_covered(const conditions *all); /* bit set of 1 << enum covered that coverage_read must fetch */
/* failed() globs: `count` of them; glob(i) → rule index list. */
int conditions_failed_count(const conditions *all);
const int *conditions_failed_rules(const conditions *all, int i, int *count);

/* A bit per row, FRAME_ROWS bits. */
typedef struct mask {
	uint64_t bits[FRAME_ROWS / 64];
} mask;

typedef struct scan scan; /* a worker's scratch: registers and aggregates */
/* a: what is asked of texts, built. */
scan *scan_new(const conditions *all, const inquiry *a, kol_error *err);
void scan_free(scan *s);

/* For each batch: begin, then every needed child table's chunks, then evaluate as often as wanted.
 * texts and accumulated values live in the scan until the next begin. */
kol_status scan_begin(scan *s, const frame *creators, const coverage *covered, kol_error *err);
kol_status scan_chunk(scan *s, const frame *children, kol_error *err);
/* failed() glob i: per creator row, how many rules failed, and how many more are unknown. */
void scan_failed(scan *s, int i, const double *failed, const double *unknown);
/* f: the creators frame, or a chunk of posts for a program of rows TABLE_POST. */
kol_status scan_eval(scan *s, int program, const frame *f, mask *truth, mask *unknown, kol_error *err);
/* Of the rows that the last scan_eval left unknown: those where a pattern reached its limit. */
void scan_limits(const scan *s, int program, const frame *f, mask *limit);

typedef struct citation {    /* a place in a text */
	str field;               /* "caption" */
	str post;                /* its id, where the text is not of the row asked; else p NULL */
	str before, text, after; /* what stands there, and about 30 characters on each side */
	text_quote at;
} citation;

/* One row told to a person. Everything lives in `a`. */
typedef struct told {
	str name; /* as written: "creator.followers", "count(posts)" */
	bool is_text, is_flag;
	double lo, hi; /* equal where exact; NaN: missing; hi infinite: at least lo */
	str text;
} told;
typedef struct explanation {
	str message;  /* "share(creator.audience.country, campaign.markets) is 0.31, needed: at least 0.4" */
	told *values; /* the values compared in the deciding part, in source order, each name once */
	int value_count;
	str *missing; /* what is missing: "creator.followers", "posts of the last 90 days" */
	int missing_count;
	citation *quotes; /* places in texts that made what decided true */
	int quote_count;
	int sources[8]; /* sums over rows whose texts decided, for scan_quote */
	int source_count;
	unsigned tables; /* 1 << enum table: of what rows */
} explanation;
/* say: the rule's own template ("{hits} profane posts in {set.days} days"), or p NULL for an automatic message. */
kol_status scan_explain(scan *s, int program, const frame *f, int row, str say, arena *a, explanation *out,
                        kol_error *err);
/* What the texts of a creator's rows have to do with it: for each table in out->tables, walk that creator's rows
 * through a frame and hand on each chunk. Adds to out->quotes. */
kol_status scan_quote(scan *s, const frame *rows, arena *a, explanation *out, kol_error *err);
/* Why a pattern was not decided: "pattern '…' took too long on post p_31", in a; p NULL: none did. row: of f. */
str scan_limit_told(const scan *s, int program, const frame *f, int row, arena *a);
/* Checks a template's names against a program at load. */
void conditions_check_say(const conditions *all, int program, str say, source_place at, struct kol_problems *problems);

#endif
