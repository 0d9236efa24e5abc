import type {
  ActionsBlock,
  ActionsBlockElement,
  Button,
  ConfirmationDialog,
  ContextBlock,
  DividerBlock,
  HeaderBlock,
  KnownBlock,
  PlainTextElement,
  PlainTextOption,
  SectionBlock,
} from '@slack/types';
import { clip, clipMrkdwn, TEXT_LIMITS } from './text.ts';

/** A message: `text` says all of it for notifications and screen readers, `blocks` show it. */
export interface Message {
  readonly text: string;
  readonly blocks: KnownBlock[];
}

/** As many blocks as a message and a view may have. */
export const MESSAGE_BLOCKS = 50;
export const VIEW_BLOCKS = 100;

export function plain(text: string, most: number): PlainTextElement {
  return { type: 'plain_text', text: clip(text, most), emoji: false };
}

export function section(text: string, accessory?: SectionBlock['accessory']): SectionBlock {
  const block: SectionBlock = {
    type: 'section',
    text: { type: 'mrkdwn', text: clipMrkdwn(text, TEXT_LIMITS.section) },
  };
  return accessory === undefined ? block : { ...block, accessory };
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: plain(text, TEXT_LIMITS.header) };
}

export function context(text: string): ContextBlock {
  return { type: 'context', elements: [{ type: 'mrkdwn', text: clipMrkdwn(text, TEXT_LIMITS.section) }] };
}

export function divider(): DividerBlock {
  return { type: 'divider' };
}

export function actions(elements: ActionsBlockElement[], blockId?: string): ActionsBlock {
  return { type: 'actions', elements, ...(blockId === undefined ? {} : { block_id: blockId }) };
}

/** What a button says and does. `label` is for screen readers, where several buttons say the same. */
export interface ButtonText {
  readonly id: string;
  readonly text: string;
  readonly value: string;
  readonly label?: string;
  readonly style?: 'primary' | 'danger';
  readonly confirm?: ConfirmationDialog;
}

export function button({ id, text, value, label, style, confirm }: ButtonText): Button {
  return {
    type: 'button',
    action_id: id,
    text: plain(text, TEXT_LIMITS.button),
    value,
    ...(label === undefined ? {} : { accessibility_label: clip(label, TEXT_LIMITS.button) }),
    ...(style === undefined ? {} : { style }),
    ...(confirm === undefined ? {} : { confirm }),
  };
}

/** A question before a click counts. */
export function confirmation(ask: {
  readonly title: string;
  readonly text: string;
  readonly yes: string;
  readonly no?: string;
}): ConfirmationDialog {
  return {
    title: plain(ask.title, 100),
    text: plain(ask.text, 300),
    confirm: plain(ask.yes, 30),
    deny: plain(ask.no ?? 'Cancel', 30),
  };
}

export function option(text: string, value: string, description?: string): PlainTextOption {
  return {
    text: plain(text, TEXT_LIMITS.option),
    value,
    ...(description === undefined || description === ''
      ? {}
      : { description: plain(description, TEXT_LIMITS.option) }),
  };
}

/** A message of lines: they are its text and, joined in as few sections as they fit in, its blocks. */
export function message(text: string, blocks: readonly KnownBlock[] = [section(text)]): Message {
  return { text: clipMrkdwn(text, TEXT_LIMITS.message), blocks: fit(blocks, MESSAGE_BLOCKS) };
}

/** At most `most` blocks; what does not fit is counted in the last one. */
export function fit(blocks: readonly KnownBlock[], most: number): KnownBlock[] {
  if (blocks.length <= most) return [...blocks];
  return [...blocks.slice(0, most - 1), context(`… and more than fits here.`)];
}

/** Lines packed into sections, so that long lists cost few blocks. */
export function sections(lines: readonly string[]): SectionBlock[] {
  const packed: string[] = [];
  for (const line of lines) {
    const last = packed.at(-1);
    if (last !== undefined && last.length + line.length + 1 <= TEXT_LIMITS.section) {
      packed[packed.length - 1] = `${last}\n${line}`;
    } else packed.push(line);
  }
  return packed.map((text) => section(text));
}
