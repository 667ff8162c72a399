import { useSyncExternalStore } from 'react';
import classes from './announce.module.css';

interface Message {
  id: number;
  text: string;
  action?: { label: string; run: () => void };
}

const shownFor = 6_000;
let messages: Message[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

/** Says in one sentence that something has been done; `action` offers the way back. */
export function announce(text: string, action?: Message['action']): void {
  const message: Message = { id: nextId++, text, action };
  set([...messages.slice(-2), message]);
  setTimeout(() => dismiss(message.id), shownFor);
}

/** Where announcements appear. A live region, so it is always there. */
export function Announcements() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => messages,
  );
  return (
    <div className={classes.region} role="status" aria-live="polite">
      {shown.map((message) => (
        <div key={message.id} className={classes.message}>
          <span>{message.text}</span>
          {message.action && (
            <button
              type="button"
              className={classes.action}
              onClick={() => {
                message.action?.run();
                dismiss(message.id);
              }}
            >
              {message.action.label}
            </button>
          )}
        </div>
      ))}
    </div>
  );
}

function dismiss(id: number): void {
  set(messages.filter((message) => message.id !== id));
}

function set(next: Message[]): void {
  messages = next;
  for (const listener of listeners) listener();
}
