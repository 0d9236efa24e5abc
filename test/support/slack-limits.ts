/*
 * What Slack refuses, as far as it is known from its reference: a message, a modal or a home tab that this list
 * finds nothing wrong with is taken by Slack too.
 */

type Json = Readonly<Record<string, unknown>>;

export const SLACK_LIMITS = {
  messageBlocks: 50,
  viewBlocks: 100,
  messageText: 40_000,
  sectionText: 3_000,
  sectionFields: 10,
  fieldText: 2_000,
  headerText: 150,
  contextElements: 10,
  actionElements: 25,
  actionId: 255,
  blockId: 255,
  buttonText: 75,
  buttonValue: 2_000,
  url: 3_000,
  accessibilityLabel: 75,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  optionText: 75,
  optionValue: 150,
  selectOptions: 100,
  fewOptions: 10,
  overflowOptions: 5,
  placeholder: 150,
  labelText: 2_000,
  viewTitle: 24,
  viewButton: 24,
  privateMetadata: 3_000,
  viewBytes: 250_000,
  inputValue: 3_000,
} as const;

interface Notes {
  readonly found: string[];
  readonly ids: Set<string>;
  focused: number;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function checkLength(
  notes: Notes,
  place: string,
  want: { text: unknown; most: number; least?: number },
): void {
  const { text, most, least = 1 } = want;
  if (typeof text !== 'string') notes.found.push(`${place}: no text`);
  else if (text.length < least) notes.found.push(`${place}: empty`);
  else if (text.length > most) notes.found.push(`${place}: ${text.length} characters, at most ${most}`);
}

function checkText(
  notes: Notes,
  place: string,
  want: { text: unknown; most: number; plain?: boolean },
): void {
  const { text, most, plain = true } = want;
  if (!isObject(text)) {
    notes.found.push(`${place}: no text object`);
    return;
  }
  if (text.type !== 'plain_text' && (plain || text.type !== 'mrkdwn')) {
    notes.found.push(`${place}: ${String(text.type)} is not allowed here`);
  }
  checkLength(notes, place, { text: text.text, most });
  if (text.type === 'mrkdwn') checkMrkdwn(notes, place, String(text.text));
  else if (/<!date\^/.test(String(text.text))) notes.found.push(`${place}: <!date> in plain text`);
}

/** Every `<` must begin something that Slack knows, and every `&` an entity: all else was not escaped. */
function checkMrkdwn(notes: Notes, place: string, text: string): void {
  const known = /<(?:[@#!][^<>]+|(?:https?:\/\/|mailto:|slack:\/\/)[^<>]+)>/g;
  const rest = text.replace(known, '');
  if (/[<>]/.test(rest)) notes.found.push(`${place}: "<" or ">" is not escaped: ${rest.slice(0, 200)}`);
  if (/&(?!amp;|lt;|gt;)/.test(rest)) notes.found.push(`${place}: "&" is not escaped: ${rest.slice(0, 200)}`);
  if (/<!date\^\d+\^[^|<>]*>/.test(text)) notes.found.push(`${place}: <!date> without a fallback`);
}

function checkConfirm(notes: Notes, place: string, confirm: unknown): void {
  if (confirm === undefined) return;
  if (!isObject(confirm)) {
    notes.found.push(`${place}: confirm is no object`);
    return;
  }
  checkText(notes, `${place}.title`, { text: confirm.title, most: SLACK_LIMITS.confirmTitle });
  checkText(notes, `${place}.text`, { text: confirm.text, most: SLACK_LIMITS.confirmText, plain: false });
  checkText(notes, `${place}.confirm`, { text: confirm.confirm, most: SLACK_LIMITS.confirmButton });
  checkText(notes, `${place}.deny`, { text: confirm.deny, most: SLACK_LIMITS.confirmButton });
}

function checkOptions(notes: Notes, place: string, want: { element: Json; most: number }): void {
  const { element, most } = want;
  const groups = listOf(element.option_groups);
  const options = [...listOf(element.options), ...groups.flatMap((group) => listOf(group.options))];
  if (options.length === 0) notes.found.push(`${place}: no options`);
  if (listOf(element.options).length > most || groups.length > most) {
    notes.found.push(`${place}: more than ${most} options`);
  }
  for (const [index, group] of groups.entries()) {
    checkText(notes, `${place}.group[${index}]`, { text: group.label, most: SLACK_LIMITS.optionText });
    if (listOf(group.options).length > most) notes.found.push(`${place}.group[${index}]: too many options`);
  }
  const plain = element.type !== 'checkboxes' && element.type !== 'radio_buttons';
  for (const [index, option] of options.entries()) {
    const at = `${place}.option[${index}]`;
    checkText(notes, `${at}.text`, { text: option.text, most: SLACK_LIMITS.optionText, plain });
    checkLength(notes, `${at}.value`, { text: option.value, most: SLACK_LIMITS.optionValue });
    if (option.description !== undefined) {
      checkText(notes, `${at}.description`, {
        text: option.description,
        most: SLACK_LIMITS.optionText,
        plain,
      });
    }
  }
  const values = options.map(({ value }) => value);
  if (new Set(values).size < values.length) notes.found.push(`${place}: two options of one value`);
  const initial = [element.initial_option, ...listOf(element.initial_options)].filter(isObject);
  for (const option of initial) {
    const same = options.some((known) => JSON.stringify(known) === JSON.stringify(option));
    if (!same) notes.found.push(`${place}: the initial option is none of the options`);
  }
}

function checkElement(notes: Notes, place: string, element: Json): void {
  const { type } = element;
  if (element.action_id !== undefined) {
    checkLength(notes, `${place}.action_id`, { text: element.action_id, most: SLACK_LIMITS.actionId });
  }
  if (element.focus_on_load === true) notes.focused += 1;
  if (element.placeholder !== undefined) {
    checkText(notes, `${place}.placeholder`, { text: element.placeholder, most: SLACK_LIMITS.placeholder });
  }
  checkConfirm(notes, `${place}.confirm`, element.confirm);
  if (type === 'button') {
    checkText(notes, `${place}.text`, { text: element.text, most: SLACK_LIMITS.buttonText });
    if (element.value !== undefined) {
      checkLength(notes, `${place}.value`, { text: element.value, most: SLACK_LIMITS.buttonValue });
    }
    if (element.url !== undefined)
      checkLength(notes, `${place}.url`, { text: element.url, most: SLACK_LIMITS.url });
    if (element.accessibility_label !== undefined) {
      const label = { text: element.accessibility_label, most: SLACK_LIMITS.accessibilityLabel };
      checkLength(notes, `${place}.accessibility_label`, label);
    }
    if (element.style !== undefined && element.style !== 'primary' && element.style !== 'danger') {
      notes.found.push(`${place}: style ${String(element.style)}`);
    }
  } else if (type === 'static_select' || type === 'multi_static_select') {
    checkOptions(notes, place, { element, most: SLACK_LIMITS.selectOptions });
  } else if (type === 'radio_buttons' || type === 'checkboxes') {
    checkOptions(notes, place, { element, most: SLACK_LIMITS.fewOptions });
  } else if (type === 'overflow') {
    checkOptions(notes, place, { element, most: SLACK_LIMITS.overflowOptions });
  } else checkField(notes, place, element);
}

const PICKED: Readonly<Record<string, readonly [string, RegExp]>> = {
  datepicker: ['initial_date', /^\d{4}-\d{2}-\d{2}$/],
  timepicker: ['initial_time', /^([01]\d|2[0-3]):[0-5]\d$/],
  datetimepicker: ['initial_date_time', /^\d{10}$/],
  users_select: ['initial_user', /^[UW]/],
  conversations_select: ['initial_conversation', /^[CDG]/],
};

function checkField(notes: Notes, place: string, element: Json): void {
  const type = String(element.type);
  if (type === 'plain_text_input') {
    if (element.initial_value !== undefined) {
      const most = typeof element.max_length === 'number' ? element.max_length : SLACK_LIMITS.inputValue;
      checkLength(notes, `${place}.initial_value`, { text: element.initial_value, most });
    }
    if (typeof element.max_length === 'number' && element.max_length > SLACK_LIMITS.inputValue) {
      notes.found.push(`${place}: max_length above ${SLACK_LIMITS.inputValue}`);
    }
    return;
  }
  const picked = PICKED[type];
  if (picked === undefined) {
    notes.found.push(`${place}: ${type} is no element that is used here`);
    return;
  }
  const [field, shape] = picked;
  const initial = element[field];
  if (initial !== undefined && !shape.test(String(initial)))
    notes.found.push(`${place}: ${field} ${String(initial)}`);
}

function checkBlock(notes: Notes, place: string, block: Json): void {
  if (block.block_id !== undefined) {
    checkLength(notes, `${place}.block_id`, { text: block.block_id, most: SLACK_LIMITS.blockId });
    const id = String(block.block_id);
    if (notes.ids.has(id)) notes.found.push(`${place}: the block_id ${id} stands twice`);
    notes.ids.add(id);
  }
  switch (block.type) {
    case 'divider':
      return;
    case 'header':
      checkText(notes, place, { text: block.text, most: SLACK_LIMITS.headerText });
      return;
    case 'section':
      checkSection(notes, place, block);
      return;
    case 'context': {
      const elements = listOf(block.elements);
      if (elements.length === 0 || elements.length > SLACK_LIMITS.contextElements) {
        notes.found.push(`${place}: ${elements.length} elements in a context`);
      }
      for (const [index, text] of elements.entries()) {
        checkText(notes, `${place}[${index}]`, { text, most: SLACK_LIMITS.sectionText, plain: false });
      }
      return;
    }
    case 'actions': {
      const elements = listOf(block.elements);
      if (elements.length === 0 || elements.length > SLACK_LIMITS.actionElements) {
        notes.found.push(`${place}: ${elements.length} elements in actions`);
      }
      const ids = elements.map(({ action_id }) => action_id);
      if (new Set(ids).size < ids.length) notes.found.push(`${place}: an action_id stands twice`);
      for (const [index, element] of elements.entries()) checkElement(notes, `${place}[${index}]`, element);
      return;
    }
    case 'input':
      checkText(notes, `${place}.label`, { text: block.label, most: SLACK_LIMITS.labelText });
      if (block.hint !== undefined)
        checkText(notes, `${place}.hint`, { text: block.hint, most: SLACK_LIMITS.labelText });
      if (isObject(block.element)) checkElement(notes, `${place}.element`, block.element);
      else notes.found.push(`${place}: no element`);
      return;
    default:
      notes.found.push(`${place}: ${String(block.type)} is no block that is used here`);
  }
}

function checkSection(notes: Notes, place: string, block: Json): void {
  if (block.text === undefined && block.fields === undefined)
    notes.found.push(`${place}: neither text nor fields`);
  if (block.text !== undefined) {
    checkText(notes, place, { text: block.text, most: SLACK_LIMITS.sectionText, plain: false });
  }
  const fields = listOf(block.fields);
  if (fields.length > SLACK_LIMITS.sectionFields) notes.found.push(`${place}: ${fields.length} fields`);
  for (const [index, text] of fields.entries()) {
    checkText(notes, `${place}.field[${index}]`, { text, most: SLACK_LIMITS.fieldText, plain: false });
  }
  if (isObject(block.accessory)) checkElement(notes, `${place}.accessory`, block.accessory);
}

/** Buttons that show the same words must say to a screen reader which is which. */
function checkButtons(notes: Notes, blocks: readonly Json[]): void {
  const buttons = blocks
    .flatMap((block) => [...listOf(block.elements), ...(isObject(block.accessory) ? [block.accessory] : [])])
    .filter(({ type }) => type === 'button');
  const labels = new Map<string, Set<string>>();
  for (const button of buttons) {
    const shown = isObject(button.text) ? String(button.text.text) : '';
    const label = button.accessibility_label === undefined ? shown : String(button.accessibility_label);
    const known = labels.get(shown) ?? new Set();
    labels.set(shown, known);
    if (known.has(label)) notes.found.push(`two buttons "${shown}" that sound alike: ${label}`);
    known.add(label);
  }
}

function checkBlocks(notes: Notes, blocks: readonly Json[], most: number): void {
  if (blocks.length > most) notes.found.push(`${blocks.length} blocks, at most ${most}`);
  for (const [index, block] of blocks.entries()) checkBlock(notes, `blocks[${index}]`, block);
  checkButtons(notes, blocks);
  if (notes.focused > 1) notes.found.push('two elements want the focus');
}

function emptyNotes(): Notes {
  return { found: [], ids: new Set(), focused: 0 };
}

/** What Slack would refuse about a message, and what we do not allow ourselves: blocks without a text. */
export function messageProblems(message: object): string[] {
  const notes = emptyNotes();
  const { text, blocks } = message as Json;
  checkLength(notes, 'text', { text, most: SLACK_LIMITS.messageText });
  if (typeof text === 'string') checkMrkdwn(notes, 'text', text);
  checkBlocks(notes, listOf(blocks), SLACK_LIMITS.messageBlocks);
  return notes.found;
}

/** What Slack would refuse about a modal or a home tab. */
export function viewProblems(view: object): string[] {
  const notes = emptyNotes();
  const { type, title, submit, close, private_metadata: metadata, callback_id: callback } = view as Json;
  const blocks = listOf((view as Json).blocks);
  if (type === 'modal') {
    checkText(notes, 'title', { text: title, most: SLACK_LIMITS.viewTitle });
    if (submit !== undefined) checkText(notes, 'submit', { text: submit, most: SLACK_LIMITS.viewButton });
    if (close !== undefined) checkText(notes, 'close', { text: close, most: SLACK_LIMITS.viewButton });
    const asks = blocks.some((block) => block.type === 'input');
    if (asks && submit === undefined) notes.found.push('input blocks without a submit button');
  } else if (type !== 'home') notes.found.push(`type ${String(type)}`);
  if (metadata !== undefined) {
    checkLength(notes, 'private_metadata', { text: metadata, most: SLACK_LIMITS.privateMetadata, least: 0 });
  }
  if (callback !== undefined)
    checkLength(notes, 'callback_id', { text: callback, most: SLACK_LIMITS.blockId });
  if (JSON.stringify(view).length > SLACK_LIMITS.viewBytes) notes.found.push('view_too_large');
  checkBlocks(notes, blocks, SLACK_LIMITS.viewBlocks);
  return notes.found;
}
