export * from './absence/cancel-absence.ts';
export type { FeedAbsence } from './absence/diff-feed-absences.ts';
export * from './absence/enter-absence.ts';
export * from './absence/sync-feed-absences.ts';
export * from './access/caller.ts';
export * from './access/create-feed.ts';
export * from './access/create-first-token.ts';
export * from './access/create-token.ts';
export * from './access/revoke-feed.ts';
export * from './access/revoke-token.ts';
export * from './access/scopes.ts';
export * from './access/secret.ts';
export { plainEmail } from './account/account-input.ts';
export * from './account/account-secret.ts';
export * from './account/change-account.ts';
export * from './account/create-account.ts';
export * from './account/create-setup-link.ts';
export * from './account/end-session.ts';
export * from './account/set-up-account.ts';
export * from './account/sign-in-by-provider.ts';
export { type BegunSession, type SignInPlace, startSession } from './account/start-session.ts';
export * from './audit/seal-audit.ts';
export * from './boundaries/apply-boundaries.ts';
export * from './command.ts';
export * from './contact/add-contact-method.ts';
export {
  CODE_LIFE_MS,
  issueContactCode,
  MAX_CODE_TRIES,
  resendContactCode,
  verifyContactMethod,
} from './contact/contact-code.ts';
export * from './contact/remove-contact-method.ts';
export * from './contact/set-notification-rules.ts';
export * from './delivery/attempt.ts';
export * from './delivery/create-endpoint.ts';
export * from './delivery/disable-endpoint.ts';
export * from './delivery/enable-endpoint.ts';
export * from './delivery/endpoint-url.ts';
export * from './delivery/fan-out-events.ts';
export * from './delivery/record-attempt.ts';
export * from './delivery/release-lane.ts';
export * from './delivery/replay-delivery.ts';
export * from './delivery/rotate-endpoint-secret.ts';
export * from './delivery/take-lane.ts';
export * from './delivery/wake-lanes.ts';
export * from './fact-sheet/create-fact-sheet-link.ts';
export * from './fact-sheet/fact-sheet-secret.ts';
export * from './fact-sheet/revoke-fact-sheet-link.ts';
export * from './horizon/extend-horizon.ts';
export * from './horizon/horizon-settings.ts';
export { type PlannedTime, planAhead, type Version } from './horizon/plan-ahead.ts';
export type { ShiftCounts } from './horizon/plan-sync.ts';
export * from './intake/change-heartbeat.ts';
export * from './intake/change-intake.ts';
export * from './intake/create-heartbeat.ts';
export * from './intake/create-intake.ts';
export * from './intake/delete-intake.ts';
export * from './intake/disable-intake.ts';
export { looksLikeIntakeKey } from './intake/intake-key.ts';
export * from './intake/ping-heartbeat.ts';
export * from './intake/prune-intakes.ts';
export * from './intake/record-change.ts';
export * from './intake/rotate-intake-key.ts';
export * from './intake/sns-message.ts';
export * from './intake/sweep-heartbeats.ts';
export * from './intake/want-sns.ts';
export * from './notify/page-link.ts';
export * from './notify/send-due.ts';
export * from './override/cancel-override.ts';
export { type OverrideInput, REASON_LENGTH_LIMIT } from './override/check-override.ts';
export * from './override/create-override.ts';
export * from './page/acknowledge-page.ts';
export * from './page/acknowledge-page-by-key.ts';
export * from './page/advance-pages.ts';
export * from './page/escalate-page.ts';
export * from './page/hand-over-pages.ts';
export * from './page/note-page.ts';
export * from './page/page-input.ts';
export * from './page/page-limits.ts';
export * from './page/reassign-page.ts';
export * from './page/resolve-page.ts';
export * from './page/resolve-page-by-key.ts';
export { receiverOfSchedule } from './page/resolve-receiver.ts';
export * from './page/snooze-page.ts';
export * from './page/trigger-page.ts';
export * from './page/ways-of-people.ts';
export * from './people/set-person-hours.ts';
export * from './plan/close-ledger-period.ts';
export * from './plan/create-plan.ts';
export * from './plan/discard-plan.ts';
export * from './plan/explain-turn.ts';
export { explainHere, makePlanHere } from './plan/make-plan-here.ts';
export * from './plan/plan-requested.ts';
export * from './plan/planner.ts';
export * from './plan/publish-plan.ts';
export type { PublishedSchedule } from './plan/put-in-force.ts';
export * from './plan/read-fairness.ts';
export { type Keep, type PlanInputs, readPlanInputs } from './plan/read-plan-inputs.ts';
export { readPlanPeople } from './plan/read-plan-people.ts';
export * from './plan/replan-schedule.ts';
export * from './plan/request-plan.ts';
export * from './plan/run-plan-jobs.ts';
export * from './plan/start-planner.ts';
export * from './policy/delete-policy.ts';
export * from './provider/change-mirror.ts';
export * from './provider/change-provider.ts';
export {
  type CreateMirrorInput,
  createMirror,
  DEFAULT_MIRROR_DAYS,
  MAX_MIRROR_DAYS,
  MAX_MIRRORS,
  type MirrorResult,
} from './provider/create-mirror.ts';
export { type CreateProviderInput, createProvider, type ProviderResult } from './provider/create-provider.ts';
export { FORWARDED_EVENTS, forwardedKey } from './provider/forward-pages.ts';
export {
  MAX_PROVIDER_FILTERS,
  MIRROR_URLS,
  PROVIDER_URLS,
  type ProviderRules,
  type SealSecret,
} from './provider/provider-input.ts';
export * from './run-command.ts';
export * from './schedule/apply-configuration.ts';
export * from './schedule/configuration-draft.ts';
export { loadSchedule, readMeanings, versionsOf } from './schedule/load-schedule.ts';
export * from './schedule/retire-schedule.ts';
export * from './slack/connect-code.ts';
export * from './slack/link-channel.ts';
export * from './slack/link-person.ts';
export * from './slack/set-slack-preferences.ts';
export * from './swap/accept-swap.ts';
export * from './swap/answer-offer.ts';
export * from './swap/approve-swap.ts';
export * from './swap/cancel-swap.ts';
export * from './swap/candidates-for.ts';
export { SWAP_LIMITS } from './swap/check-request.ts';
export * from './swap/counter-swap.ts';
export * from './swap/decline-swap.ts';
export * from './swap/expire-swaps.ts';
export { SWAP_REASON_LIMIT } from './swap/refuse-reason.ts';
export { requestSwap } from './swap/request-swap.ts';
export * from './swap/swap-input.ts';
export * from './swap/take-back-shift.ts';
export { takeShift } from './swap/take-shift.ts';
export * from './ticking/fire-boundaries.ts';
export * from './ticking/prune.ts';
export * from './ticking/relay-outbox.ts';
export * from './ticking/wake-overdue.ts';
export * from './ticking/wake-pages.ts';
