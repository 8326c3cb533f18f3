/* ruleset.h: the packs, rules and lookups in force, as written. Immutable once loaded. */
#ifndef RULES_RULESET_H
#define RULES_RULESET_H

#include "rules/condition.h"
#include "verdict/policy.h"

enum each { EACH_CREATOR, EACH_POST, EACH_MARKET };
enum mode { MODE_ON, MODE_OFF, MODE_SHADOW };

typedef struct rule {
	const char *id, *title;                          /* required */
	const char *about, *source, *as_of, *confidence; /* or NULL */
	kol_level level;
	enum each each;
	const condition *need, *when;  /* NULL where not given */
	str need_text, when_text, say; /* p NULL where not given */
	source_place say_at;
	int check;            /* the script's number for the function, from 1; 0: none */
	values set;           /* defaults */
	double weight, bonus; /* points; weight NaN: the level's default */
	bool waivable;
	int unknown;    /* KOL_NOTE, KOL_LEVEL_REVIEW, or -1: by level */
	enum mode mode; /* MODE_ON unless the rule says otherwise */
	const char *const *tags;
	int tag_count;
	int examples;     /* how many */
	const char *path; /* where the rule stands */
	int line;
} rule;

/* One override by ruleset.lua, the campaign or --set. Which of the fields it sets: those not at "unset". */
typedef struct override {
	str id;   /* a rule id, or a glob: "safety/" and an asterisk */
	str name; /* a parameter's name, or "level", "weight", "bonus", "mode" */
	value v;
	source_place at; /* path NULL: from the campaign or --set; `rule` then says which */
} override;

typedef struct declared_lexicon {
	lexicon words;    /* without terms of its own where they are the campaign's */
	const char *from; /* "banned": the campaign's list of that name; or NULL */
	const char *path;
	int line;
} declared_lexicon;

struct script;

struct kol_ruleset {
	arena memory;
	rule *rules; /* sorted by id */
	int rule_count;
	override *overrides; /* of ruleset.lua, in order */
	int override_count;
	declared_lexicon *lexicons; /* in the order they were declared */
	int lexicon_count, lexicon_capacity;
	values lookups;
	decide decide;
	assume assume;
	char fingerprint[72];
	char folder[512];
	stock *stock;                 /* the host's own lexicons, read when wanted */
	struct kol_problems problems; /* found at load: a ruleset that has any is checked, never run */
	struct kol_problems warnings; /* of lexicons: `check` tells them, and rules run */
	struct script *script;        /* owns the Lua state with the check functions */
};

#endif
