"""Addresses of referrals."""

from django.urls import path

from .views import answering, sending

app_name = "referrals"

urlpatterns = [
    path("", sending.index, name="index"),
    path("new/", sending.new, name="new"),
    path("<int:referral_id>/", sending.detail, name="detail"),
    path("<int:referral_id>/paper/", sending.paper, name="paper"),
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
