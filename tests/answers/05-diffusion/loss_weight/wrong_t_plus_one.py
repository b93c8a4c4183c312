# SNR(t) - SNR(t+1): the weight of the next step
def loss_weight(t, schedule, predicts="eps"):
    snr = torch.cat([schedule.snr, schedule.snr[-1:] / 2])
    w = (snr[t] - snr[t + 1]) / 2
    return {"x0": w, "eps": w / snr[t], "v": w * (1 - schedule.alpha_bar[t])}[predicts]
