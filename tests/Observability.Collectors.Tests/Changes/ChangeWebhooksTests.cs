using System.Security.Cryptography;
using System.Text;

namespace Observability.Collectors.Tests;

public sealed class ChangeWebhooksTests
{
    private const string Secret = "a-secret-of-some-length";

    private readonly World _world = new();

    [Theory]
    [InlineData("github", "deployment_status", """{"deployment_status":{"state":"success","environment":"prod","updated_at":"2026-03-01T11:59:00Z"},"deployment":{"sha":"abc"},"repository":{"full_name":"ml/train"}}""", "change:deploy 11:59 {environment=\"prod\", repository=\"ml/train\"} abc")]
    [InlineData("github", "deployment_status", """{"deployment_status":{"state":"failure"}}""", "")]
    [InlineData("github", "release", """{"action":"published","release":{"tag_name":"v2"},"repository":{"full_name":"ml/train"}}""", "change:release 12:00 {repository=\"ml/train\"} v2")]
    [InlineData("github", "push", """{"ref":"refs/heads/main","after":"abc","repository":{"full_name":"ml/train","default_branch":"main"}}""", "change:push 12:00 {repository=\"ml/train\"} abc")]
    [InlineData("github", "push", """{"ref":"refs/heads/x","repository":{"default_branch":"main"}}""", "")]
    [InlineData("github", "ping", """{"zen":"x"}""", "")]
    [InlineData("gitlab", "", """{"object_kind":"deployment","status":"success","environment":"prod","short_sha":"abc","project":{"path_with_namespace":"ml/train"},"status_changed_at":"2030-01-01 00:00:00 +0000"}""", "change:deploy 12:00 {environment=\"prod\", repository=\"ml/train\"} abc")]
    [InlineData("gitlab", "", """{"object_kind":"deployment","status":"running"}""", "")]
    [InlineData("argocd", "", """{"app":"train","revision":"abc","phase":"Succeeded"}""", "change:deploy 12:00 {app=\"train\"} abc")]
    [InlineData("argocd", "", """{"app":{"metadata":{"name":"train"},"spec":{"destination":{"namespace":"ml"}},"status":{"operationState":{"phase":"Succeeded","finishedAt":"2026-03-01T11:58:00Z","syncResult":{"revision":"abc"}}}}}""", "change:deploy 11:58 {app=\"train\", environment=\"ml\"} abc")]
    [InlineData("argocd", "", """{"app":"train","phase":"Failed"}""", "")]
    [InlineData("argocd", "", "[1]", "")]
    public void Post_WhatTheySend_BecomesAChangeWhereItIsOne(string sender, string kind, string body, string expected)
    {
        var outcome = Post(sender, kind, body, Secret);

        Assert.Equal(new PushOutcome(200, expected.Length > 0 ? 1 : 0, ""), outcome);
        Assert.Equal(expected, string.Join(';', _world.Events.Select(read => $"{read.Code} {read.At:HH:mm} {read.Labels} {read.Fields["revision"]}")));
    }

    [Theory]
    [InlineData("github")]
    [InlineData("gitlab")]
    [InlineData("argocd")]
    public void Post_WithAnotherSecret_IsRefused(string sender)
    {
        Assert.Equal(401, Post(sender, "push", "{}", "guess").Status);
        Assert.Equal("no secret is configured; set server.webhook_secret", new ChangeWebhooksInbox("", _world, _world.Outside).Post(sender, _ => "", World.Utf8("{}")).Errors);
        Assert.Equal(400, Post(sender, "push", "{", Secret).Status);
        Assert.Empty(_world.Events);
    }

    private PushOutcome Post(string sender, string kind, string body, string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["X-GitHub-Event"] = kind,
            ["X-Hub-Signature-256"] = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), bytes)),
            ["X-Gitlab-Token"] = secret,
            ["Authorization"] = "Bearer " + secret,
        };
        return new ChangeWebhooksInbox(Secret, _world, _world.Outside).Post(sender, name => headers.GetValueOrDefault(name, ""), bytes);
    }
}
