/** Parameters of scenarios and experiments as options of a command. */

import { type Command, InvalidArgumentError, Option } from "commander";
import { hyphenated } from "../../src/primitives/flag-name.ts";
import type { Form, Parameter, Parameters } from "../../src/primitives/parameter.ts";
import { unreachable } from "../../src/primitives/verdict.ts";
import { decimalNumber, share, wholeNumber } from "./numbers.ts";

/** Adds an option for each parameter; commander fills in the initial values. */
export function withParameters(command: Command, parameters: Parameters): Command {
  for (const [name, parameter] of Object.entries(parameters)) {
    command.addOption(optionOf(name, parameter));
  }
  return command;
}

function optionOf(name: string, { summary, form, initial }: Parameter): Option {
  const flag = `--${hyphenated(name)}`;
  if (form.type === "switch") return new Option(flag, summary);
  const option = new Option(
    `${flag} <${placeholderOf(form)}>`,
    form.type === "choice" && !isShort(form.choices)
      ? `${summary}: ${form.choices.join(", ")}`
      : summary,
  ).argParser(parserOf(form));
  return initial === undefined ? option : option.default(initial);
}

/** Longer lists of choices stand in the text behind the flag, which has several lines. */
const choicesWidthMax = 40;

function isShort(choices: readonly (number | string)[]): boolean {
  return choices.join("|").length <= choicesWidthMax;
}

type Written = Exclude<Form, { readonly type: "switch" }>;

function placeholderOf(form: Written): string {
  switch (form.type) {
    case "whole":
      return "count";
    case "decimal":
      return "number";
    case "share":
      return "part";
    case "choice":
      return isShort(form.choices) ? form.choices.join("|") : "name";
    case "text":
      return form.placeholder;
    default:
      return unreachable(form);
  }
}

/** @throws InvalidArgumentError from the parser, with the values that are right. */
function parserOf(form: Written): (text: string) => number | string {
  switch (form.type) {
    case "whole":
      return wholeNumber(form);
    case "decimal":
      return decimalNumber(form);
    case "share":
      return share(form);
    case "choice":
      return (text) => {
        const found = form.choices.find((choice) => String(choice) === text);
        if (found !== undefined) return found;
        throw new InvalidArgumentError(`It must be ${form.choices.join(" or ")}`);
      };
    case "text":
      return (text) => {
        const problem = form.findProblem(text);
        if (problem === undefined) return text;
        throw new InvalidArgumentError(problem);
      };
    default:
      return unreachable(form);
  }
}
