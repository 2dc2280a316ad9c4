/** Asks many questions with few of them open: a node has few connections, and others ask it, too. */

const openMax = 6;

/** The answers, in the order of the questions. */
export async function fewAtATime<Question, Answer>(
  questions: readonly Question[],
  ask: (question: Question) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  const left = questions.entries();
  const askInTurn = async (): Promise<void> => {
    for (const [position, question] of left) answers[position] = await ask(question);
  };
  await Promise.all(Array.from({ length: openMax }, askInTurn));
  return answers;
}
