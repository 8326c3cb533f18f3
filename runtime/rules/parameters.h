/* parameters.h: resolves parameters, levels and switches: rule → ruleset.lua → campaign → --set. */
#ifndef RULES_PARAMETERS_H
#define RULES_PARAMETERS_H

#include "rules/ruleset.h"

enum set_by { SET_BY_RULE, SET_BY_TEAM, SET_BY_CAMPAIGN, SET_BY_COMMAND };

typedef struct resolved { /* a rule as a plan runs it */
	values set;
	unsigned char *set_by; /* enum set_by, per parameter */
	kol_level level;
	kol_level unknown_level; /* NOTE or REVIEW */
	double weight, bonus;
	enum mode mode;
} resolved;

/* Parses the text of a `name=value` override to the kind of `like` (the default); KOL_E_RULE with a sentence. */
kol_status parameters_parse(arena *a, str text, const value *like, value *out, kol_error *err);
/* Resolves every rule. campaign and command: overrides whose value is text still to be parsed. */
void parameters_resolve(const struct kol_ruleset *r, const override *campaign, int campaign_count,
                        const override *command, int command_count, arena *a, resolved *out,
                        struct kol_problems *problems);

#endif
