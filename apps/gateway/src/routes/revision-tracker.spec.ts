import { RevisionTracker } from './revision-tracker';

let tracker: RevisionTracker;
beforeEach(() => {
  tracker = new RevisionTracker();
});

it('claims what is there without a gap at once', () => {
  tracker.note([1, 2, 3], 0);
  expect(tracker.revision).toBe(3);
  expect(tracker.waiting).toBe(false);
});

it('does not claim past a revision that is still on its way', () => {
  tracker.note([1, 2, 4, 5], 0);
  expect([tracker.revision, tracker.waiting]).toEqual([2, true]);
  tracker.note([3, 4, 5], 100);
  expect([tracker.revision, tracker.waiting]).toEqual([5, false]);
});

it('gives up waiting for a revision that was overwritten, once a read that began later has not found it', () => {
  tracker.note([1, 3], 0);
  tracker.note([3], 499);
  expect(tracker.revision).toBe(1);
  tracker.note([3], 500);
  expect([tracker.revision, tracker.waiting]).toEqual([3, false]);
});

it('claims each part of a row of gaps in its own time', () => {
  tracker.note([10], 0);
  tracker.note([10, 20], 400);
  tracker.note([10, 20], 600);
  expect(tracker.revision).toBe(10);
  tracker.note([10, 11, 20], 700);
  expect(tracker.revision).toBe(11);
  tracker.note([20], 900);
  expect(tracker.revision).toBe(20);
});

it('ignores what it has claimed, and begins anew when told', () => {
  tracker.note([1, 2], 0);
  tracker.note([1, 2], 10);
  expect([tracker.revision, tracker.waiting]).toEqual([2, false]);
  tracker.reset();
  tracker.note([1], 20);
  expect(tracker.revision).toBe(1);
});
