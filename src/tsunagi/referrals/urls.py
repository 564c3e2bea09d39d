"""Addresses of referrals."""

from django.urls import path

from .views import answering, books, links, packages, paper, sending

app_name = "referrals"

urlpatterns = [
    path("", sending.index, name="index"),
    path("new/", sending.new, name="new"),
    path("<int:referral_id>/", sending.detail, name="detail"),
    path("<int:referral_id>/paper/", paper.paper, name="paper"),
    path("<int:referral_id>/sheet.pdf", paper.sheet_pdf, name="sheet_pdf"),
    path("<int:referral_id>/reminder.pdf", paper.reminder_pdf, name="reminder_pdf"),
    path("<int:referral_id>/reply/", paper.reply, name="reply"),
    path("reply/", paper.reply_find, name="reply_find"),
    path("books/", books.index, name="books"),
    path("books/<int:office_id>/", books.book, name="book"),
    path("books/take-in/", books.take_in, name="take_in_book"),
    path("<int:referral_id>/link/", links.make, name="make_link"),
    path("<int:referral_id>/link/end/", links.end, name="end_link"),
    path("<int:referral_id>/package/", packages.send, name="send_package"),
    path("packages/", packages.index, name="packages"),
    path("packages/<int:package_id>/", packages.package, name="package"),
    path("packages/keys/", packages.keys, name="keys"),
    path("packages/keys/own/", packages.own, name="own_key"),
    path("packages/keys/<int:key_id>/compare/", packages.compare, name="compare_key"),
    path("packages/keys/<int:key_id>/end/", packages.end_key, name="end_key"),
    path("k/<str:token>/", links.opened, name="link"),
    path("k/<str:token>/answer/", links.answer, name="link_answer"),
    path("<int:referral_id>/seen/", answering.seen, name="seen"),
    path("<int:referral_id>/accept/", answering.accept, name="accept"),
    path("<int:referral_id>/decline/", answering.decline, name="decline"),
    path("<int:referral_id>/consider/", answering.consider, name="consider"),
    path("<int:referral_id>/message/", answering.message, name="message"),
    path("<int:referral_id>/oral/", answering.oral, name="oral"),
    path("<int:referral_id>/withdraw/", answering.withdraw, name="withdraw"),
    path("<int:referral_id>/outside/", answering.outside, name="outside"),
    path("<int:referral_id>/first-contact/", answering.first_contact, name="first_contact"),
    path("<int:referral_id>/result/", answering.result, name="result"),
]
