/* embed.c: vets one creator with the public header alone.
 *
 *     cc embed.c $(pkg-config --cflags --libs kolander) -o embed
 *     ./embed scripts roster.db spring instagram/lena.cooks
 */
#include <kolander.h>
#include <stdio.h>

static bool show(void *user, const kol_verdict *v) {
	(void)user;
	printf("%s/%s: %s\n", kol_verdict_platform(v), kol_verdict_handle(v), kol_decision_name(kol_verdict_decision(v)));
	for (size_t i = 0; i < kol_verdict_findings(v); i++) {
		const kol_finding *f = kol_verdict_finding(v, i);
		printf("  %s %s: %s\n", kol_outcome_name(kol_finding_outcome(f)), kol_finding_rule(f), kol_finding_message(f));
	}
	return true;
}

int main(int argc, char **argv) {
	if (argc != 5) {
		fprintf(stderr, "usage: %s RULES ROSTER CAMPAIGN CREATOR\n", argv[0]);
		return 2;
	}
	kol_ruleset *ruleset = NULL;
	kol_plan *plan = NULL;
	kol_error err;
	kol_plan_options options = {.roster = argv[2], .campaign = argv[3]};
	kol_status status = kol_ruleset_open(argv[1], NULL, &ruleset, NULL, &err);
	if (!status)
		status = kol_plan_open(ruleset, &options, &plan, NULL, &err);
	if (!status)
		status = kol_vet_creator(plan, argv[4], show, NULL, &err);
	if (status) {
		char text[2048];
		kol_error_text(&err, text, sizeof text);
		fprintf(stderr, "%s\n", text);
	}
	kol_plan_close(plan);
	kol_ruleset_close(ruleset);
	return status ? 2 : 0;
}
