
// What the product adds to all.js for dashboard items: one listener, told when
// the host broadcasts that an item is to be edited.
(() => {
  if (!AP.jira) return;
  let listener;
  AP.register({ jira_dashboard_item_edit: () => listener?.() });
  AP.jira.DashboardItem = { onDashboardItemEdit: (fn) => { listener = fn; } };
})();
