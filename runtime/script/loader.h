/* loader.h: what the files that load a ruleset share. Private to script/. */
#ifndef SCRIPT_LOADER_H
#define SCRIPT_LOADER_H

#include "base/buffer.h"
#include "base/sha256.h"
#include "base/suggest.h"
#include "script/state.h"

typedef struct loader {
	script *s;
	struct kol_ruleset *out;
	struct kol_problems *problems;
	const char *folder, *stdlib;
	const char *path; /* the file at hand, as told */
	str source;
	bool team; /* it is ruleset.lua */
	rule *rules;
	int rule_count, rule_capacity;
	sha256 hash;
} loader;

void loader_problem(loader *l, int line, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* rule_load.c: reads the table at `index` as rule `id`. */
void rule_load(loader *l, const char *id, int index, int line);
/* After all files ran. */
void checks_finish(loader *l);
/* team_load.c: reads the table of ruleset { … }. */
void team_load(loader *l, int index, int line);
/* Text, number, flag, list or table at index → *out, copied into the ruleset. False: something else. */
bool value_load(loader *l, int index, value *out, int depth);
/* Fields of the table at index as values sorted by name; false after a problem was told. */
bool values_load(loader *l, int index, values *out, int line, const char *what);
const char *loader_hint(const char *word, const char *const *names, char *out, size_t size);
int loader_word(const char *word, const char *const *names);
/* Runs every .lua file below dir, in path order. */
void loader_folder(loader *l, const char *dir, const char *told, bool is_team);

#endif
