export { copy } from '../Calendars/CalendarFeedBox.razor.js';
