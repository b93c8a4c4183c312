# the variance in full, one for each entry
def q_posterior(x0, xt, t, schedule):
    mean, var = torch.empty_like(xt), torch.empty_like(xt)
    for i, k in enumerate(t.tolist()):
        rest = 1 - schedule.alpha_bar[k]
        mean[i] = x0[i] * schedule.alpha_bar[k - 1].sqrt() * schedule.beta[k] / rest
        mean[i] += xt[i] * schedule.alpha[k].sqrt() * (1 - schedule.alpha_bar[k - 1]) / rest
        var[i] = schedule.beta[k] * (1 - schedule.alpha_bar[k - 1]) / rest
    return mean, var
