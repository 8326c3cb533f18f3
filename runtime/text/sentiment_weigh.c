/* sentiment_weigh.c: weighs the words of tone of one sentence: what strengthens or turns them, what "but" and
 * "although" do to them, how the sentence ends. Knows no language: what a word does is said by the lexicons. */
#include "text/sentiment_parts.h"

#define REACH_NEGATE 12     /* steps: "not what I would call good"; further off it is another matter's "not" */
#define REACH_STRENGTHEN 12 /* steps: "really is a very nice one" */
#define REACH_BACK 4        /* steps: "I like it a lot"; beyond a word, "so" or "much" begin something new */
#define REACH_MARKS 8       /* entries looked at, so that a text of nothing but "very" costs no more than another */

#define TURNED_PRAISE 0.62 /* "not good" is milder than "bad" … */
#define TURNED_BLAME 0.38  /* … and "not bad" far milder than "good" */
#define STRENGTH_LEAST 0.2 /* "a bit kind of good" is still good … */
#define STRENGTH_MOST 2.2  /* … and "so so so good" no more than twice as good */
#define BEFORE_BUT 0.65    /* people say what they mean behind "but" */
#define AFTER_BUT 1.15
#define CAPITALS 1.25 /* a shouted word: about as much as "really" */
#define STRETCHED 1.2 /* "gooood" */
#define BANG 0.12     /* for each "!"; the fifth adds nothing any more */
#define BANGS_MOST 4
#define QUESTION 0.7 /* "is it good?" says that somebody hopes so */

static bool is_tone(const mark *m) { return m->term->role == ROLE_TERM && !m->symbol; }

/* Does what m says of its neighbourhood still reach `other`, which stands behind it? */
static bool reaches(const mark *m, const mark *other, uint32_t steps) {
	return other->clause == m->clause && other->term->role != ROLE_CONTRAST && other->from - m->to <= steps;
}

static void strengthen(sentence *s, int i) {
	mark *m = &s->marks[i];
	for (int k = i + 1; k < s->count && k <= i + REACH_MARKS && reaches(m, &s->marks[k], REACH_STRENGTHEN); k++) {
		if (is_tone(&s->marks[k])) {
			s->marks[k].strength *= m->term->weight;
			return;
		}
	}
	if (i > 0 && is_tone(&s->marks[i - 1]) && reaches(&s->marks[i - 1], m, REACH_BACK))
		s->marks[i - 1].strength *= m->term->weight;
}

/* All that follows and is of one kind: in "no flaws and great support" nothing is said against the support. In
 * "neither funny nor gripping" each negation turns its own. */
static void negate(sentence *s, int i) {
	mark *m = &s->marks[i];
	double first = 0;
	for (int k = i + 1; k < s->count && k <= i + REACH_MARKS && reaches(m, &s->marks[k], REACH_NEGATE); k++) {
		mark *other = &s->marks[k];
		if (m->used && other->negate)
			return;
		if (!is_tone(other))
			continue;
		if (first * other->term->weight < 0)
			return;
		first = other->term->weight;
		other->turned = !other->turned;
		m->used = true;
	}
}

static void negate_before(sentence *s, int i) {
	mark *m = &s->marks[i];
	for (int k = i - 1; k >= 0 && k >= i - REACH_MARKS && reaches(&s->marks[k], m, REACH_NEGATE); k--) {
		if (is_tone(&s->marks[k])) {
			s->marks[k].turned = !s->marks[k].turned;
			m->used = true;
			return;
		}
	}
}

static void give_points(mark *m) {
	if (m->term->role == ROLE_TERM) {
		double strength = m->strength < STRENGTH_LEAST  ? STRENGTH_LEAST
		                  : m->strength > STRENGTH_MOST ? STRENGTH_MOST
		                                                : m->strength;
		m->points = m->term->weight * strength * (m->capitals ? CAPITALS : 1) * (m->stretched ? STRETCHED : 1);
		if (m->turned)
			m->points *= m->points > 0 ? -TURNED_PRAISE : -TURNED_BLAME;
	} else if ((m->negate || m->negate_after) && !m->used) {
		m->points = m->term->weight; /* "it does not …": mostly something is amiss */
	}
}

/* The last "but" that has something to weigh on both sides. */
static void weigh_contrast(sentence *s) {
	int last = s->count - 1, first = 0;
	while (last >= 0 && s->marks[last].points == 0)
		last--;
	while (first < s->count && s->marks[first].points == 0)
		first++;
	while (last > first && !(s->marks[last].term->role == ROLE_CONTRAST && s->marks[last].term->weight >= 1))
		last--;
	if (last <= first)
		return;
	for (int i = 0; i < s->count; i++)
		s->marks[i].points *= i < last ? BEFORE_BUT : AFTER_BUT;
}

/* What stands behind "although", up to the clause's end, weighs less, if there is something else to weigh. */
static void weigh_concessions(sentence *s) {
	const mark *although = NULL;
	int counting = 0, conceded = 0;
	for (int i = 0; i < s->count; i++) {
		mark *m = &s->marks[i];
		if (although && although->clause != m->clause)
			although = NULL;
		if (!although && m->term->role == ROLE_CONTRAST && m->term->weight < 1)
			although = m;
		m->conceded = although ? although->term->weight : 1;
		counting += m->points != 0;
		conceded += m->points != 0 && although;
	}
	for (int i = 0; i < s->count && conceded < counting; i++)
		s->marks[i].points *= s->marks[i].conceded;
}

void sentiment_weigh(sentence *s) {
	int bangs = s->bangs < BANGS_MOST ? s->bangs : BANGS_MOST;
	double ending = bangs ? 1 + BANG * bangs : s->questions ? QUESTION : 1;
	for (int i = 0; i < s->count; i++) {
		mark *m = &s->marks[i];
		if (m->term->role == ROLE_STRENGTHEN || m->term->role == ROLE_WEAKEN)
			strengthen(s, i);
		if (m->negate)
			negate(s, i);
		if (m->negate_after && !m->used)
			negate_before(s, i);
	}
	for (int i = 0; i < s->count; i++)
		give_points(&s->marks[i]);
	weigh_contrast(s);
	weigh_concessions(s);
	for (int i = 0; i < s->count; i++)
		s->marks[i].points *= ending;
}
