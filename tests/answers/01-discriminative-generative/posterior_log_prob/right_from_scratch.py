def posterior_log_prob(X, prior, mean, var):
    # the constants with pi cancel
    logits = torch.zeros(X.shape[0], prior.shape[0], dtype=X.dtype)
    for k in range(prior.shape[0]):
        d2 = (X - mean[k]).pow(2).div(var[k]).sum(1)
        logits[:, k] = prior[k].log() - 0.5 * var[k].log().sum() - 0.5 * d2
    return logits - logits.logsumexp(dim=1).reshape(-1, 1)
