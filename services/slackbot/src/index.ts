export { BOT_SCOPES, type BotScope } from './scopes.ts';
export * from './start-slackbot.ts';
